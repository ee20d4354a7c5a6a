import type { Clinic } from '../../../records/clinics';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import type { PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Card, Heading } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { onwardsPage } from '../../login/way-in';
import { DESK_PATH } from '../frame/paths';
import { NotTaken } from '../frame/refusals';

/** Why a login to the desk came to nothing. */
export type DeskLoginTrouble = 'cancelled' | 'failed' | 'too-old' | 'no-identity' | 'provider-away';

/** Asks a member of staff to log in, and leads back to where they wanted. */
export function deskLoginPage(
  language: Language,
  {
    returnTo,
    wasLoggedIn,
    isLocked = false,
    hasPosted,
    isKept = false,
    trouble = null,
    typed = null,
  }: {
    returnTo: string;
    wasLoggedIn: boolean;
    /** The desk has locked itself. */
    isLocked?: boolean;
    hasPosted: boolean;
    /** What was posted is kept for the same member of staff, and is shown again after the login. */
    isKept?: boolean;
    trouble?: DeskLoginTrouble | null;
    /** What was written in the form that was not taken. */
    typed?: string | null;
  },
): PageContent {
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <Heading>{words.title}</Heading>
        {trouble !== null && (
          <Banner kind={trouble === 'cancelled' ? 'info' : 'error'} takesFocus>
            {words.troubles[trouble]}
          </Banner>
        )}
        {trouble === null && hasPosted && (
          <Banner kind={isKept ? 'warning' : 'error'} takesFocus>
            {isKept ? words.kept : words.notDone}
          </Banner>
        )}
        <NotTaken language={language} typed={typed} />
        {trouble === null && wasLoggedIn && !hasPosted && (
          <Banner>{isLocked ? words.locked : words.ended}</Banner>
        )}
        <Card isMain>
          <p>{words.why}</p>
          <form method="post" action={`${DESK_PATH}/login`}>
            <input type="hidden" name="returnTo" value={returnTo} />
            <Button icon="lock">{words.logIn}</Button>
          </form>
        </Card>
        <p>
          {words.patient} <a href="/my">{words.patientLink}</a>
        </p>
      </>
    ),
  };
}

export const deskOnwardsPage = (language: Language, url: URL): PageContent =>
  onwardsPage(url, { title: texts[language].onwards, button: texts[language].logIn });

/** For one who works at several clinics: at which one now. */
export function chooseClinicPage(
  language: Language,
  {
    choices,
    guard,
    returnTo,
  }: { choices: { member: StaffMember; clinic: Clinic }[]; guard: FormGuard; returnTo: string },
): PageContent {
  const words = texts[language];
  return {
    title: words.choose,
    main: (
      <>
        <Heading>{words.choose}</Heading>
        <PostForm action={`${DESK_PATH}/clinic`} guard={guard}>
          <input type="hidden" name="returnTo" value={returnTo} />
          <ul class="plain">
            {choices.map(({ member: { memberId, title }, clinic }) => (
              <li key={memberId}>
                <Button kind="secondary" name="memberId" value={memberId}>
                  {clinic.settings.name} ({title})
                </Button>
              </li>
            ))}
          </ul>
        </PostForm>
      </>
    ),
  };
}

/** After logging out. */
export function deskLoggedOutPage(language: Language): PageContent {
  const words = texts[language];
  return {
    title: words.out,
    main: (
      <>
        <Heading>{words.out}</Heading>
        <ButtonRow>
          <ButtonLink href={DESK_PATH} kind="secondary">
            {words.again}
          </ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Logga in till arbetsbordet',
    why: 'Arbetsbordet är till för vårdens personal. Logga in med din tjänstelegitimation.',
    logIn: 'Logga in',
    onwards: 'Till inloggningen',
    locked: 'Arbetsbordet har låst sig. Logga in igen för att fortsätta där du var.',
    ended: 'Du är inte längre inloggad. Logga in igen för att fortsätta där du var.',
    notDone: 'Du är inte längre inloggad, så det du ville göra blev inte gjort. Logga in och gör om det.',
    kept: 'Du är inte längre inloggad. Det du fyllde i är kvar i en timme: logga in igen, så kan du fortsätta.',
    patient: 'Är du patient?',
    patientLink: 'Till mina möten',
    choose: 'Välj mottagning',
    out: 'Du är utloggad',
    again: 'Logga in igen',
    troubles: {
      cancelled: 'Inloggningen avbröts.',
      failed: 'Inloggningen gick inte igenom. Försök igen.',
      'too-old': 'Inloggningen tog för lång tid. Försök igen.',
      'no-identity': 'Inloggningen säger inte vem du är på det sätt som behövs. Kontakta supporten.',
      'provider-away': 'Inloggningstjänsten svarar inte. Försök igen om en liten stund.',
    },
  },
  en: {
    title: 'Log in to the desk',
    why: 'The desk is for health care staff. Log in with your work identity.',
    logIn: 'Log in',
    onwards: 'To the login',
    locked: 'The desk has locked itself. Log in again to continue where you were.',
    ended: 'You are no longer logged in. Log in again to continue where you were.',
    notDone: 'You are no longer logged in, so what you wanted was not done. Log in and do it anew.',
    kept: 'You are no longer logged in. What you filled in is kept for an hour: log in again to go on with it.',
    patient: 'Are you a patient?',
    patientLink: 'To my meetings',
    choose: 'Choose your clinic',
    out: 'You are logged out',
    again: 'Log in again',
    troubles: {
      cancelled: 'The login was stopped.',
      failed: 'The login failed. Try again.',
      'too-old': 'The login took too long. Try again.',
      'no-identity': 'The login does not say who you are in the way that is needed. Contact the support.',
      'provider-away': 'The login service does not answer. Try again in a little while.',
    },
  },
});
