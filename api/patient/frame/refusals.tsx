import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import type { PageRefusal } from './access';
import { ButtonLink, ButtonRow, Card, Heading } from '../../frame/parts';
import { ToMyMeetings } from './ways-on';
import type { PageContent } from '../../frame/page-content';
import type { FormGuard } from '../../frame/post-form';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** What is said of a refusal. A guardian whose child has turned 13, or whom staff have stopped, sees what a
 * stranger sees (R7.10). */
export type ShownRefusal = Exclude<PageRefusal, 'guardian-no-more'> | 'stale-form';

/** A refusal as it is said to whoever is refused. */
export const shownRefusal = (refusal: PageRefusal | 'stale-form'): ShownRefusal =>
  refusal === 'guardian-no-more' ? 'not-yours' : refusal;

/**
 * Why a page is not shown, in words, with the way on (R3.4).
 * @param freshPage the page that a form stands on which had become too old
 * @param of what the page is about
 */
export function refusalPage(
  language: Language,
  refusal: ShownRefusal,
  guard: FormGuard,
  { of = 'meeting', freshPage = null }: { of?: 'meeting' | 'case'; freshPage?: string | null } = {},
): PageContent {
  const ofCase: Partial<Record<typeof refusal, { title: string; text: string }>> = caseTexts[language];
  const words = (of === 'case' && ofCase[refusal]) || texts[language][refusal];
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        <Card>
          <p>{words.text}</p>
        </Card>
        <WayOn language={language} refusal={refusal} guard={guard} freshPage={freshPage} />
      </>
    ),
  };
}

function WayOn({
  language,
  refusal,
  guard,
  freshPage,
}: {
  language: Language;
  refusal: ShownRefusal;
  guard: FormGuard;
  freshPage: string | null;
}): ComponentChildren {
  const words = texts[language].ways;
  switch (refusal) {
    case 'not-yours':
      return (
        <>
          <ToMyMeetings language={language} />
          <PostForm action="/logout" guard={guard}>
            <input type="hidden" name="again" value="yes" />
            <button type="submit" class="secondary">
              {words.otherPerson}
            </button>
          </PostForm>
        </>
      );
    case 'unclaimed':
    case 'protected':
    case 'not-in-your-role':
      return <ToMyMeetings language={language} />;
    case 'stale-form':
      return freshPage === null ? (
        <ToMyMeetings language={language} />
      ) : (
        <ButtonRow>
          <ButtonLink href={freshPage}>{words.freshPage}</ButtonLink>
        </ButtonRow>
      );
  }
}

/** What is said in other words where the page is one of a message case. */
const caseTexts = wording({
  sv: {
    'not-yours': {
      title: 'Det här ärendet är inte ditt',
      text: 'Du är inloggad, men det här ärendet gäller någon annan. Den som ärendet gäller loggar in med sin egen e-legitimation. Barn som har fyllt 13 år sköter sina ärenden själva. Tror du att det är fel? Ring eller skriv till mottagningen.',
    },
    protected: {
      title: 'Ring mottagningen',
      text: 'Mottagningen behöver godkänna dig manuellt innan du kan se ärendet. Ring mottagningen, så hjälper de dig vidare.',
    },
  },
  en: {
    'not-yours': {
      title: 'This case is not yours',
      text: 'You are logged in, but this case concerns somebody else. The person whom it concerns logs in with their own e-identification. Children who have turned 13 manage their own cases. Do you think this is wrong? Call or write to the clinic.',
    },
    protected: {
      title: 'Call the clinic',
      text: 'The clinic needs to approve you manually before you can see the case. Call the clinic, and they will help you.',
    },
  },
});

const texts = wording({
  sv: {
    'not-yours': {
      title: 'Det här mötet är inte ditt',
      text: 'Du är inloggad, men det här mötet gäller någon annan. Den som är kallad loggar in med sin egen e-legitimation. Barn som har fyllt 13 år sköter sina möten själva. Tror du att det är fel? Ring eller skriv till mottagningen som har kallat dig.',
    },
    unclaimed: {
      title: 'Mottagningen behöver godkänna dig först',
      text: 'Öppna länken i inbjudan igen och tala om vem du är. Mottagningen godkänner sedan att du är med.',
    },
    protected: {
      title: 'Ring mottagningen',
      text: 'Mottagningen behöver godkänna dig manuellt innan du kan se mötet. Ring mottagningen på det nummer som står i din kallelse, så hjälper de dig vidare.',
    },
    'not-in-your-role': {
      title: 'Det här kan du inte göra',
      text: 'Det här kan bara patienten göra, eller vårdnadshavare till barn under 13 år.',
    },
    'stale-form': {
      title: 'Sidan är för gammal',
      text: 'Inget har ändrats. Sidan har legat öppen länge, eller så har du loggat in på nytt någon annanstans. Öppna den igen och gör det du ville göra.',
    },
    ways: {
      otherPerson: 'Logga in som någon annan',
      freshPage: 'Öppna sidan igen',
    },
  },
  en: {
    'not-yours': {
      title: 'This meeting is not yours',
      text: 'You are logged in, but this meeting is for somebody else. The person who is invited logs in with their own e-identification. Children who have turned 13 manage their own meetings. Do you think this is wrong? Call or write to the clinic that invited you.',
    },
    unclaimed: {
      title: 'The clinic needs to approve you first',
      text: 'Open the link in the invitation again and say who you are. The clinic then approves that you take part.',
    },
    protected: {
      title: 'Call the clinic',
      text: 'The clinic needs to approve you manually before you can see the meeting. Call the clinic at the number in your invitation, and they will help you.',
    },
    'not-in-your-role': {
      title: 'You cannot do this',
      text: 'Only the patient can do this, or the guardian of a child under 13.',
    },
    'stale-form': {
      title: 'The page is too old',
      text: 'Nothing has been changed. The page has been open for a long time, or you have logged in again elsewhere. Open it again and do what you wanted to do.',
    },
    ways: {
      otherPerson: 'Log in as somebody else',
      freshPage: 'Open the page again',
    },
  },
});
