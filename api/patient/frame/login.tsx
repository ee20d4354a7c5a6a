import type { Language } from '../../../rules/notices';
import { Banner, Button, Card } from '../../frame/parts';
import { aboutTitles } from '../about/titles';
import type { PageContent } from '../../frame/page-content';
import { wording } from '../../frame/wording';

/**
 * Asks for a login, for the page that one wanted to see (`returnTo`) or for all of one's meetings. Whose
 * login had ended when they pressed a button is told that nothing came of it (`hasPosted`), and what they had
 * typed goes on with them (`typed`).
 */
export function loginPage(
  language: Language,
  {
    returnTo,
    wasLoggedIn,
    hasPosted = false,
    typed = null,
  }: { returnTo: string | null; wasLoggedIn: boolean; hasPosted?: boolean; typed?: string | null },
): PageContent {
  const words = texts[language];
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {wasLoggedIn && !hasPosted && <Banner>{words.loggedOut}</Banner>}
        {hasPosted && (
          <Banner kind={typed === null ? 'error' : 'warning'} takesFocus>
            {typed === null ? words.notDone : words.typedKept}
          </Banner>
        )}
        <Card isMain>
          <p>{words.why}</p>
          <form method="post" action="/login">
            {returnTo !== null && <input type="hidden" name="returnTo" value={returnTo} />}
            {typed !== null && <input type="hidden" name="typed" value={typed} />}
            <LogInButton language={language} />
          </form>
        </Card>
        <BeforeLogin language={language} />
      </>
    ),
  };
}

/**
 * Where the link in an SMS leads: the same page for every code, which tells nothing (R2.3). Its form posts to
 * the link itself.
 */
export function landingPage(language: Language): PageContent {
  const words = texts[language];
  return {
    title: words.landingTitle,
    main: (
      <>
        <h1>{words.landingTitle}</h1>
        <Card isMain>
          <p>{words.landing}</p>
          <form method="post">
            <LogInButton language={language} />
          </form>
        </Card>
        <BeforeLogin language={language} own />
      </>
    ),
  };
}

/** Its last word stays whole where the button is narrow. */
function LogInButton({ language }: { language: Language }) {
  const words = texts[language].logIn.split(' ');
  return (
    <Button icon="lock">
      <span>
        {words.slice(0, -1).join(' ')} <span class="nobr">{words.at(-1)}</span>
      </span>
    </Button>
  );
}

/** What helps one who is not sure: whose login it is, and whether the page is genuine. */
function BeforeLogin({ language, own = false }: { language: Language; own?: boolean }) {
  const words = texts[language];
  return (
    <>
      <h2>{words.unsure}</h2>
      {own && <p>{words.own}</p>}
      <p>{words.cannot}</p>
      <p>
        <a href="/about/genuine">{aboutTitles[language].genuine}</a>
      </p>
    </>
  );
}

const texts = wording({
  sv: {
    title: 'Logga in',
    loggedOut: 'Du är inte längre inloggad. Logga in igen för att fortsätta där du var.',
    notDone:
      'Du är inte längre inloggad, så det du ville göra blev inte gjort. Logga in igen, så kommer du tillbaka till sidan.',
    typedKept:
      'Du är inte längre inloggad. Det du skrev finns kvar, men är inte sparat än. Logga in igen, så kan du spara det.',
    why: 'För att se dina möten och meddelanden behöver du visa vem du är med e-legitimation, till exempel BankID eller Freja.',
    logIn: 'Logga in med e-legitimation',
    cannot: 'Kan du inte logga in? Ring eller skriv till mottagningen som har kallat dig, så hjälper de dig.',
    unsure: 'Bra att veta',
    landingTitle: 'Ditt digitala möte eller meddelande',
    landing:
      'Du har fått en länk till ett digitalt möte eller ett meddelande. Logga in med e-legitimation, till exempel BankID eller Freja, för att se det.',
    own: 'Logga in med din egen e-legitimation, även om du är med som anhörig.',
  },
  en: {
    title: 'Log in',
    loggedOut: 'You are no longer logged in. Log in again to continue where you were.',
    notDone:
      'You are no longer logged in, so what you wanted to do was not done. Log in again, and you come back to the page.',
    typedKept:
      'You are no longer logged in. What you wrote is still here, but is not saved yet. Log in again, and you can save it.',
    why: 'To see your meetings and messages you need to show who you are with e-identification, such as BankID or Freja.',
    logIn: 'Log in with e-identification',
    cannot: 'Can you not log in? Call or write to the clinic that invited you, and they will help you.',
    unsure: 'Good to know',
    landingTitle: 'Your digital meeting or message',
    landing:
      'You have received a link to a digital meeting or a message. Log in with e-identification, such as BankID or Freja, to see it.',
    own: 'Log in with your own e-identification, even if you take part as a relative.',
  },
});
