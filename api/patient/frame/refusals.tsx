import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import type { PageRefusal } from './access';
import type { FormGuard, PageContent } from './route';
import { wording } from './wording';
import { PostForm } from './layout';
import { ToMyMeetings } from './ways-on';

/**
 * Why a page is not shown, in words, with the way on (R3.4).
 * @param freshPage the page that a form stands on which had become too old
 * @param of what the page is about
 */
export function refusalPage(
  language: Language,
  refusal: PageRefusal | 'stale-form',
  guard: FormGuard,
  { of = 'meeting', freshPage = null }: { of?: 'meeting' | 'case'; freshPage?: string | null } = {},
): PageContent {
  const ofCase: Partial<Record<typeof refusal, { title: string; text: string }>> = caseTexts[language];
  const words = (of === 'case' && ofCase[refusal]) || texts[language][refusal];
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <p>{words.text}</p>
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
  refusal: PageRefusal | 'stale-form';
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
    case 'guardian-no-more':
    case 'protected':
    case 'not-in-your-role':
      return <ToMyMeetings language={language} />;
    case 'stale-form':
      return freshPage === null ? (
        <ToMyMeetings language={language} />
      ) : (
        <p>
          <a href={freshPage} role="button">
            {words.freshPage}
          </a>
        </p>
      );
  }
}

/** What is said in other words where the page is one of a message case. */
const caseTexts = wording({
  sv: {
    'not-yours': {
      title: 'Det här ärendet är inte ditt',
      text: 'Du är inloggad, men här finns inget ärende som är ditt. Den som ärendet gäller loggar in med sin egen e-legitimation. Tror du att det är fel? Ring mottagningen.',
    },
    'guardian-no-more': {
      title: 'Barnet sköter nu sina ärenden självt',
      text: 'När ett barn har fyllt 13 år loggar det in med sin egen e-legitimation. Som vårdnadshavare ser du inte längre barnets ärenden här.',
    },
    protected: {
      title: 'Ring mottagningen',
      text: 'Mottagningen behöver godkänna för hand innan det här ärendet kan visas. Ring mottagningen, så hjälper de dig vidare.',
    },
  },
  en: {
    'not-yours': {
      title: 'This case is not yours',
      text: 'You are logged in, but there is no case here that is yours. Whoever the case is about logs in with their own e-identification. Do you think that this is wrong? Call the clinic.',
    },
    'guardian-no-more': {
      title: 'The child now manages its own cases',
      text: 'When a child has turned 13 it logs in with its own e-identification. As a guardian you no longer see the child’s cases here.',
    },
    protected: {
      title: 'Call the clinic',
      text: 'The clinic needs to approve by hand before this case can be shown. Call the clinic, and they will help you on.',
    },
  },
});

const texts = wording({
  sv: {
    'not-yours': {
      title: 'Det här mötet är inte ditt',
      text: 'Du är inloggad, men det här mötet gäller någon annan. Den som är kallad loggar in med sin egen e-legitimation. Tror du att det är fel? Ring mottagningen som har kallat dig.',
    },
    unclaimed: {
      title: 'Mottagningen behöver godkänna dig först',
      text: 'Öppna länken i inbjudan igen för att tala om vem du är. Mottagningen godkänner sedan att du är med.',
    },
    'guardian-no-more': {
      title: 'Barnet sköter nu sina möten självt',
      text: 'När ett barn har fyllt 13 år loggar det in med sin egen e-legitimation. Som vårdnadshavare ser du inte längre barnets möten här. Kommer ni överens om att du ska vara med kan mottagningen bjuda in dig som gäst.',
    },
    protected: {
      title: 'Ring mottagningen',
      text: 'Mottagningen behöver godkänna för hand innan det här mötet kan visas. Ring mottagningen på det nummer som står i din kallelse, så hjälper de dig vidare.',
    },
    'not-in-your-role': {
      title: 'Det här kan du inte göra',
      text: 'Det är bara patienten, eller ett litet barns vårdnadshavare, som kan göra det här.',
    },
    'stale-form': {
      title: 'Sidan hade blivit för gammal',
      text: 'Inget har ändrats. Öppna sidan på nytt och gör om det du ville göra.',
    },
    ways: {
      otherPerson: 'Logga in som någon annan',
      freshPage: 'Öppna sidan på nytt',
    },
  },
  en: {
    'not-yours': {
      title: 'This meeting is not yours',
      text: 'You are logged in, but this meeting is somebody else’s. Whoever is invited logs in with their own e-identification. Do you think that this is wrong? Call the clinic that invited you.',
    },
    unclaimed: {
      title: 'The clinic needs to approve you first',
      text: 'Open the link in the invitation again to say who you are. Then the clinic approves that you take part.',
    },
    'guardian-no-more': {
      title: 'The child now manages its own meetings',
      text: 'When a child has turned 13 it logs in with its own e-identification. As a guardian you no longer see the child’s meetings here. If you agree that you should take part, the clinic can invite you as a guest.',
    },
    protected: {
      title: 'Call the clinic',
      text: 'The clinic needs to approve by hand before this meeting can be shown. Call the clinic at the number in your invitation, and they will help you on.',
    },
    'not-in-your-role': {
      title: 'You cannot do this',
      text: 'Only the patient, or the guardian of a small child, can do this.',
    },
    'stale-form': {
      title: 'The page had become too old',
      text: 'Nothing has been changed. Open the page again and do once more what you wanted to do.',
    },
    ways: {
      otherPerson: 'Log in as somebody else',
      freshPage: 'Open the page again',
    },
  },
});
