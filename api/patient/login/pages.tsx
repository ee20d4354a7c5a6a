import type { Language } from '../../../rules/notices';
import type { TypedForm } from '../../../records/logins';
import { PostForm } from '../frame/layout';
import type { FormGuard, PageContent } from '../frame/route';
import { wording } from '../frame/wording';

/** Why a login came to nothing. */
export type LoginTrouble =
  'cancelled' | 'failed' | 'too-old' | 'other-browser' | 'no-personal-number' | 'provider-away';

/**
 * Sends the browser on to the provider. A page and no redirect: the policy for forms (`form-action`) would
 * hold for every address that brokers pass the browser on to.
 */
export function onwardsTo(language: Language, url: URL): PageContent {
  const words = texts[language];
  return {
    title: words.onwardsTitle,
    refreshTo: url.toString(),
    main: (
      <>
        <h1>{words.onwardsTitle}</h1>
        <p>
          <a href={url.toString()} role="button">
            {words.onwards}
          </a>
        </p>
      </>
    ),
  };
}

/**
 * What went wrong, and the way to begin again, to the same meeting. @param again handle of the login that
 * came to nothing
 */
export function loginTroublePage(
  language: Language,
  trouble: LoginTrouble,
  again: string | null,
): PageContent {
  const words = texts[language];
  const { title, text } = words[trouble];
  return {
    title,
    main: (
      <>
        <h1>{title}</h1>
        <p>{text}</p>
        <form method="post" action="/login">
          {again !== null && <input type="hidden" name="again" value={again} />}
          <button type="submit">{words.again}</button>
        </form>
        <p>{words.call}</p>
      </>
    ),
  };
}

/** What was typed when the login before ended, to be saved with a press. */
export function typedPage(
  language: Language,
  { path, fields }: TypedForm,
  guard: FormGuard,
  returnTo: string,
): PageContent {
  const words = texts[language];
  return {
    title: words.typedTitle,
    main: (
      <>
        <h1>{words.typedTitle}</h1>
        <p>{words.typed}</p>
        <PostForm action={path} guard={guard}>
          {fields.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" name="do" value="save">
            {words.saveTyped}
          </button>
        </PostForm>
        <p>
          <a href={returnTo}>{words.leaveTyped}</a>
        </p>
      </>
    ),
  };
}

/** After logging out. */
export function loggedOutPage(language: Language): PageContent {
  const words = texts[language];
  return {
    title: words.outTitle,
    main: (
      <>
        <h1>{words.outTitle}</h1>
        <p>{words.out}</p>
        <form method="post" action="/login">
          <button type="submit" class="secondary">
            {words.logInAgain}
          </button>
        </form>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    onwardsTitle: 'Till inloggningen',
    onwards: 'Fortsätt till inloggningen',
    again: 'Försök logga in igen',
    call: 'Börjar ditt möte snart? Ring mottagningen eller supporten, så att de vet att du har försökt.',
    cancelled: {
      title: 'Inloggningen avbröts',
      text: 'Du är inte inloggad. Vill du se ditt möte behöver du logga in med e-legitimation.',
    },
    failed: {
      title: 'Inloggningen lyckades inte',
      text: 'Svaret från e-legitimationen gick inte att använda. Det hjälper oftast att försöka en gång till.',
    },
    'too-old': {
      title: 'Inloggningen tog för lång tid',
      text: 'Inloggningen gäller bara en kort stund och bara en gång. Börja om, eller öppna länken i ditt SMS igen.',
    },
    'other-browser': {
      title: 'Inloggningen började i en annan webbläsare',
      text: 'Telefonen öppnade en annan webbläsare än den du började i. Gå tillbaka dit och försök igen, eller öppna länken i ditt SMS i den här webbläsaren.',
    },
    'no-personal-number': {
      title: 'Den här e-legitimationen går inte att använda',
      text: 'För att logga in behöver du en svensk e-legitimation med personnummer. Har du samordningsnummer eller reservnummer kan du inte logga in, men mottagningen kan släppa in dig på annat sätt. Ring dem.',
    },
    'provider-away': {
      title: 'Inloggningen svarar inte just nu',
      text: 'Det går inte att nå e-legitimationen. Vänta en liten stund och försök igen. Ditt möte finns kvar.',
    },
    typedTitle: 'Du är inloggad igen',
    typed: 'Det du skrev finns kvar, men det är inte sparat än.',
    saveTyped: 'Spara det jag skrev',
    leaveTyped: 'Gå vidare utan att spara',
    outTitle: 'Du är utloggad',
    out: 'Stäng gärna fönstret om fler använder samma telefon eller dator.',
    logInAgain: 'Logga in igen',
  },
  en: {
    onwardsTitle: 'To the login',
    onwards: 'Go on to the login',
    again: 'Try to log in again',
    call: 'Does your meeting start soon? Call the clinic or the support, so that they know that you have tried.',
    cancelled: {
      title: 'The login was stopped',
      text: 'You are not logged in. To see your meeting you need to log in with e-identification.',
    },
    failed: {
      title: 'The login did not succeed',
      text: 'The answer of the e-identification could not be used. It mostly helps to try once more.',
    },
    'too-old': {
      title: 'The login took too long',
      text: 'A login holds for a short while only, and once. Begin again, or open the link in your SMS again.',
    },
    'other-browser': {
      title: 'The login began in another browser',
      text: 'The phone opened another browser than the one you began in. Go back there and try again, or open the link in your SMS in this browser.',
    },
    'no-personal-number': {
      title: 'This e-identification cannot be used',
      text: 'To log in you need a Swedish e-identification with a personal number. With a co-ordination number or a reserve number you cannot log in, but the clinic can let you in in another way. Call them.',
    },
    'provider-away': {
      title: 'The login does not answer just now',
      text: 'The e-identification cannot be reached. Wait a little while and try again. Your meeting is still there.',
    },
    typedTitle: 'You are logged in again',
    typed: 'What you wrote is still here, but it is not saved yet.',
    saveTyped: 'Save what I wrote',
    leaveTyped: 'Go on without saving',
    outTitle: 'You are logged out',
    out: 'Please close the window if others use the same phone or computer.',
    logInAgain: 'Log in again',
  },
});
