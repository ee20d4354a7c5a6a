import type { Language } from '../../../rules/notices';
import { TextArea, TextField } from '../../frame/fields';
import type { PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, Heading } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { DESK_PATH } from './paths';

/** Why a page of the desk is not shown. */
export type DeskRefusal =
  | 'role-not-allowed'
  | 'not-found'
  | 'not-your-patient'
  | 'reason-missing'
  | 'stale-form'
  | 'no-role'
  | 'not-staff'
  | 'broken'
  | 'away';

/** With which status each is answered. */
export const refusalStatus: Record<DeskRefusal, number> = {
  'role-not-allowed': 403,
  'not-found': 404,
  'not-your-patient': 403,
  'reason-missing': 403,
  'stale-form': 403,
  'no-role': 403,
  'not-staff': 403,
  broken: 500,
  away: 503,
};

/**
 * Says why a page is not shown, and what one can do.
 * @param back the page to go on from
 * @param saved what was written in a form that was not taken; where one goes on with a form that is kept
 */
export function refusalPage(
  language: Language,
  refusal: DeskRefusal,
  back: string,
  { typed = null, goOnAt = null }: { typed?: string | null; goOnAt?: string | null } = {},
): PageContent {
  const words = texts[language];
  return {
    title: words[refusal].title,
    main: (
      <>
        <Heading>{words[refusal].title}</Heading>
        <Card>
          {/* A page's script shows these words beside its form. */}
          <p id="form-refused">{words[refusal].text}</p>
        </Card>
        <NotTaken language={language} typed={typed} />
        {goOnAt !== null && <Banner>{words.formKept}</Banner>}
        <ButtonRow>
          {goOnAt !== null && <ButtonLink href={goOnAt}>{words.goOnWithForm}</ButtonLink>}
          <ButtonLink href={back} kind="secondary">
            {words.back}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

/** What was written in a form that was not taken, to be copied. */
export const NotTaken = ({ language, typed }: { language: Language; typed: string | null }) =>
  typed === null ? null : (
    <TextArea
      id="unsent"
      name="unsent"
      label={texts[language].typed}
      hint={texts[language].typedHint}
      value={typed}
      rows={8}
      language={language}
    />
  );

/**
 * Asks the operations manager why care content is to be read (R8.1); it goes into the log that the patient
 * can see.
 */
export function reasonPage(
  language: Language,
  {
    returnTo,
    subjectId,
    guard,
    tooShort,
    typed = null,
  }: {
    returnTo: string;
    subjectId: string;
    guard: FormGuard;
    tooShort: boolean;
    /** What was written in the form that was not taken without a reason. */
    typed?: string | null;
  },
): PageContent {
  const words = texts[language];
  return {
    title: words['reason-missing'].title,
    main: (
      <>
        <Heading>{words['reason-missing'].title}</Heading>
        <Banner kind="info">{words['reason-missing'].text}</Banner>
        <Card isMain>
          <PostForm action={`${DESK_PATH}/reason`} guard={guard} noValidate>
            <input type="hidden" name="returnTo" value={returnTo} />
            <input type="hidden" name="subjectId" value={subjectId} />
            <TextField
              id="reason"
              name="reason"
              label={words.reason}
              hint={words.reasonHint}
              problem={tooShort ? words.reasonProblem : null}
              language={language}
            />
            <Button>{words.goOn}</Button>
          </PostForm>
        </Card>
        <NotTaken language={language} typed={typed} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    'role-not-allowed': {
      title: 'Du har inte behörighet till sidan',
      text: 'Din roll ger inte rätt att se eller göra det här. Verksamhetschefen kan ändra din roll.',
    },
    'not-found': {
      title: 'Sidan finns inte',
      text: 'Det finns inget med den adressen på din mottagning. Kontrollera länken, eller välj mottagning.',
    },
    'not-your-patient': {
      title: 'Du deltar inte i det här',
      text: 'Bara den som deltar i vården får läsa innehållet. Ditt försök har sparats i loggen.',
    },
    'reason-missing': {
      title: 'Varför behöver du läsa det här?',
      text: 'Du deltar inte i vården. Skälet sparas i loggen, som patienten kan ta del av.',
    },
    'stale-form': {
      title: 'Sidan var för gammal',
      text: 'Inget har ändrats. Öppna sidan igen och gör om det.',
    },
    'no-role': {
      title: 'Du har ingen roll än',
      text: 'Du är inlagd på mottagningen men har ingen roll. Be verksamhetschefen lägga till en.',
    },
    'not-staff': {
      title: 'Du är inte inlagd som personal',
      text: 'Inloggningen lyckades, men ingen mottagning har lagt in dig. Be verksamhetschefen lägga till dig.',
    },
    broken: {
      title: 'Något gick fel',
      text: 'Felet är vårt. Försök igen. Hjälper det inte: ring supporten.',
    },
    away: {
      title: 'Tjänsten svarar inte just nu',
      text: 'Försök igen om en liten stund. Inget har gått förlorat.',
    },
    formKept: 'Det du fyllde i är kvar i en timme. Inget är gjort än.',
    goOnWithForm: 'Fortsätt med det du fyllde i',
    typed: 'Det du skrev',
    typedHint: 'Det är inte skickat. Kopiera texten om du vill ha den kvar.',
    back: 'Till dagens möten',
    reason: 'Skäl',
    reasonHint: 'Till exempel: klagomål från patienten, uppföljning av en avvikelse',
    reasonProblem: 'Skriv ett skäl på 3–200 tecken.',
    goOn: 'Fortsätt',
  },
  en: {
    'role-not-allowed': {
      title: 'You may not see this page',
      text: 'Your role does not let you see or do this. The operations manager can change your role.',
    },
    'not-found': {
      title: 'There is no such page',
      text: 'Your clinic has nothing at this address. Check the link, or choose your clinic.',
    },
    'not-your-patient': {
      title: 'You do not take part in this',
      text: 'Only those who take part in the care may read its content. Your try stands in the log.',
    },
    'reason-missing': {
      title: 'Why do you need to read this?',
      text: 'You do not take part in the care. The reason stands in the log, which the patient can read.',
    },
    'stale-form': {
      title: 'The page was too old',
      text: 'Nothing has changed. Open the page again and do it anew.',
    },
    'no-role': {
      title: 'You have no role yet',
      text: 'The clinic has recorded you, without a role. Ask the operations manager to add one.',
    },
    'not-staff': {
      title: 'You are not recorded as staff',
      text: 'The login went well, but no clinic has recorded you. Ask the operations manager to add you.',
    },
    broken: {
      title: 'Something went wrong',
      text: 'The fault is ours. Try again. If that does not help: call the support.',
    },
    away: { title: 'The service does not answer now', text: 'Try again in a little while. Nothing is lost.' },
    formKept: 'What you filled in is kept for an hour. Nothing is done yet.',
    goOnWithForm: 'Go on with what you filled in',
    typed: 'What you wrote',
    typedHint: 'It has not been sent. Copy the text if you want to keep it.',
    back: 'To today’s meetings',
    reason: 'Reason',
    reasonHint: 'For example: a complaint of the patient, the follow-up of an incident',
    reasonProblem: 'Write a reason of 3 to 200 characters.',
    goOn: 'Continue',
  },
});
