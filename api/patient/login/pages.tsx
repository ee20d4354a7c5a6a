import type { Language } from '../../../rules/notices';
import type { TypedForm } from '../../../records/logins';
import { Banner, Button, ButtonLink, ButtonRow, Card, Heading } from '../../frame/parts';
import { onwardsPage } from '../../login/way-in';
import type { PageContent } from '../../frame/page-content';
import type { FormGuard } from '../../frame/post-form';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** Why a login came to nothing. */
export type LoginTrouble =
  'cancelled' | 'failed' | 'too-old' | 'other-browser' | 'no-identity' | 'provider-away';

export const onwardsTo = (language: Language, url: URL): PageContent =>
  onwardsPage(url, { title: texts[language].onwardsTitle, button: texts[language].onwards });

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
        <Heading>{title}</Heading>
        <Card isMain>
          <p>{text}</p>
          <form method="post" action="/login">
            {again !== null && <input type="hidden" name="again" value={again} />}
            <Button icon="lock">{words.again}</Button>
          </form>
        </Card>
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
        <Heading>{words.typedTitle}</Heading>
        <Banner kind="warning" takesFocus>
          {words.typed}
        </Banner>
        <PostForm action={path} guard={guard}>
          {fields.map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Button name="do" value="save">
            {words.saveTyped}
          </Button>
        </PostForm>
        <ButtonRow>
          <ButtonLink href={returnTo} kind="quiet">
            {words.leaveTyped}
          </ButtonLink>
        </ButtonRow>
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
        <Heading>{words.outTitle}</Heading>
        <Card>
          <p>{words.out}</p>
          <form method="post" action="/login">
            <Button kind="secondary">{words.logInAgain}</Button>
          </form>
        </Card>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    onwardsTitle: 'Till inloggningen',
    onwards: 'Fortsätt till inloggningen',
    again: 'Försök logga in igen',
    call: 'Börjar ditt möte snart? Ring eller skriv till mottagningen, så att de vet att du har försökt.',
    cancelled: {
      title: 'Inloggningen avbröts',
      text: 'Du är inte inloggad. Vill du se ditt möte behöver du logga in med e-legitimation.',
    },
    failed: {
      title: 'Inloggningen lyckades inte',
      text: 'Vi fick inget svar som går att använda från e-legitimationen. Det hjälper oftast att försöka en gång till.',
    },
    'too-old': {
      title: 'Inloggningen tog för lång tid',
      text: 'Inloggningen gäller bara en kort stund och bara en gång. Börja om, eller öppna länken i ditt sms igen.',
    },
    'other-browser': {
      title: 'Inloggningen började i en annan webbläsare',
      text: 'Telefonen öppnade en annan webbläsare än den du började i. Gå tillbaka dit och försök igen, eller öppna länken i ditt sms i den här webbläsaren.',
    },
    'no-identity': {
      title: 'Den här e-legitimationen går inte att använda',
      text: 'För att logga in behöver du en svensk e-legitimation med personnummer. Har du samordningsnummer eller reservnummer kan du inte logga in, men mottagningen kan hjälpa dig på ett annat sätt. Ring eller skriv till dem.',
    },
    'provider-away': {
      title: 'Inloggningen fungerar inte just nu',
      text: 'Det går inte att nå e-legitimationen. Vänta en liten stund och försök igen. Ditt möte finns kvar.',
    },
    typedTitle: 'Du är inloggad igen',
    typed: 'Det du skrev finns kvar, men det är inte sparat än.',
    saveTyped: 'Spara det jag skrev',
    leaveTyped: 'Fortsätt utan att spara',
    outTitle: 'Du är utloggad',
    out: 'Stäng gärna fönstret om fler använder samma telefon eller dator.',
    logInAgain: 'Logga in igen',
  },
  en: {
    onwardsTitle: 'To the login',
    onwards: 'Continue to the login',
    again: 'Try logging in again',
    call: 'Does your meeting start soon? Call or write to the clinic, so that they know you have tried.',
    cancelled: {
      title: 'The login was cancelled',
      text: 'You are not logged in. To see your meeting you need to log in with e-identification.',
    },
    failed: {
      title: 'The login did not succeed',
      text: 'We got no usable answer from the e-identification. It usually helps to try once more.',
    },
    'too-old': {
      title: 'The login took too long',
      text: 'A login is valid only for a short while, and only once. Start again, or open the link in your SMS again.',
    },
    'other-browser': {
      title: 'The login started in another browser',
      text: 'The phone opened a different browser from the one you started in. Go back there and try again, or open the link in your SMS in this browser.',
    },
    'no-identity': {
      title: 'This e-identification cannot be used',
      text: 'To log in you need a Swedish e-identification with a personal identity number. With a co-ordination number or a reserve number you cannot log in, but the clinic can help you in another way. Call or write to them.',
    },
    'provider-away': {
      title: 'The login is not working right now',
      text: 'The e-identification cannot be reached. Wait a moment and try again. Your meeting is still there.',
    },
    typedTitle: 'You are logged in again',
    typed: 'What you wrote is still here, but it is not saved yet.',
    saveTyped: 'Save what I wrote',
    leaveTyped: 'Continue without saving',
    outTitle: 'You are logged out',
    out: 'Please close the window if others use the same phone or computer.',
    logInAgain: 'Log in again',
  },
});
