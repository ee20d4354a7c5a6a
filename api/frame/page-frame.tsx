import type { ComponentChildren } from 'preact';
import type { Language } from '../../rules/notices';
import { PhoneNumber, renderPage } from '../pages/page';
import { Icon } from './icons';
import { PostForm, type FormGuard } from './post-form';
import { stylesheet } from './stylesheet';
import { wording } from './wording';

/** A clinic as the frame shows it: only to those who have logged in. */
export interface FrameClinic {
  clinicId: string;
  name: string;
  phone: string;
  /** The address of its logo and of its colour; null where it has none. */
  logo: string | null;
  colours: string | null;
}

/** What stands around a page, whoever's page it is. */
export interface Frame {
  language: Language;
  /**
   * The query of the page's address, where it can be shown in the other language too; null for a page that was
   * not asked for by its address.
   */
  query: URLSearchParams | null;
  /** The region's name; null where none is set. */
  region: string | null;
  supportPhone: string;
  /** Null before login, and on pages that are about no clinic. */
  clinic: FrameClinic | null;
  /** Who has logged in; `name` is null where nobody told it. Null before login. */
  loggedIn: { name: string | null; guard: FormGuard; logoutPath: string } | null;
  /** The ways that one always has once logged in; the one that one has gone is marked. */
  ways: { href: string; label: string; isCurrent?: boolean }[];
  /** The links at the page's end. */
  footer: { href: string; label: string }[];
  /** The desk: wide, for tables and columns, and without what helps patients to reach the clinic. */
  isForStaff?: boolean;
}

/** What a page adds to the frame. */
export interface FramedPage {
  title: string;
  main: ComponentChildren;
  /** Our own, by their addresses. */
  scripts?: string[];
  /** Loads itself again after so many seconds, for browsers without scripts. */
  refreshSeconds?: number;
  /** Goes on to this address by itself, at once. */
  refreshTo?: string;
}

/**
 * A whole page: the region's band, the clinic and who one is, the page itself, help, and the links of the
 * law. Before login it is the same for everybody (R2.3).
 */
export function framedPage(page: FramedPage, frame: Frame): string {
  const { title, main, scripts, refreshSeconds, refreshTo } = page;
  const { language, clinic, isForStaff = false } = frame;
  const words = texts[language];
  return renderPage({
    language,
    title: `${title} – ${words.service}`,
    stylesheets: [stylesheet, ...(clinic?.colours ? [clinic.colours] : [])],
    ...(scripts ? { scripts } : {}),
    ...(refreshTo === undefined ? {} : { refreshTo }),
    ...(refreshSeconds === undefined ? {} : { refreshSeconds }),
    ...(isForStaff ? { bodyClass: 'wide' } : {}),
    children: (
      <>
        <a href="#main" class="skip-link">
          {words.skip}
        </a>
        <header class="frame-header">
          <Band frame={frame} />
          <Who frame={frame} />
        </header>
        <main class="inner frame-main" id="main" tabIndex={-1}>
          {main}
        </main>
        <footer class="frame-footer">
          <div class="inner">
            <Help frame={frame} />
            <ul class="links">
              {frame.footer.map(({ href, label }) => (
                <li key={href}>
                  <a href={href}>{label}</a>
                </li>
              ))}
            </ul>
          </div>
        </footer>
      </>
    ),
  });
}

const withLanguage = (query: URLSearchParams, language: string): string =>
  new URLSearchParams([...query, ['language', language]]).toString();

function Band({ frame: { language, query, region, clinic } }: { frame: Frame }) {
  const words = texts[language];
  return (
    <div class="band">
      <div class="inner">
        <p class="brand">
          {clinic?.logo ? <img src={clinic.logo} alt="" /> : <Icon name="video" />}
          <span>
            {region !== null && <strong>{region}</strong>}
            <span class="service">{words.service}</span>
          </span>
        </p>
        {query && (
          <a href={`?${withLanguage(query, words.other)}`} lang={words.other} hreflang={words.other}>
            {words.otherName}
          </a>
        )}
      </div>
    </div>
  );
}

/** The clinic, and who has logged in: never before they have. */
function Who({ frame: { language, clinic, loggedIn, ways } }: { frame: Frame }) {
  if (!loggedIn) return null;
  const words = texts[language];
  return (
    <div class="who">
      <div class="inner">
        <p>
          {clinic && (
            <>
              <strong>{clinic.name}</strong>
              <br />
            </>
          )}
          {loggedIn.name === null ? (
            words.loggedIn
          ) : (
            <>
              {words.loggedInAs} <strong>{loggedIn.name}</strong>
            </>
          )}
        </p>
        <div class="links">
          <nav aria-label={words.navigation}>
            <ul>
              {ways.map(({ href, label, isCurrent = false }) => (
                <li key={href}>
                  <a href={href} {...(isCurrent ? { 'aria-current': 'page' as const } : {})}>
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <PostForm action={loggedIn.logoutPath} guard={loggedIn.guard}>
            <button type="submit" class="quiet">
              {words.logOut}
            </button>
          </PostForm>
        </div>
      </div>
    </div>
  );
}

/**
 * Both telephone numbers (R3.5): the support's on every page, the clinic's once logged in; and how those call
 * who do not hear or speak (R7.9).
 */
function Help({ frame: { language, clinic, supportPhone, isForStaff = false } }: { frame: Frame }) {
  const words = texts[language];
  return (
    <section aria-labelledby="help">
      <h2 id="help">{words.help}</h2>
      <ul class="numbers">
        {clinic && !isForStaff && (
          <li>
            {clinic.name}: <PhoneNumber number={clinic.phone} />
          </li>
        )}
        <li>
          {words.support}: <PhoneNumber number={supportPhone} />
        </li>
      </ul>
      {!isForStaff && (
        <p>
          {words.relay} <a href="https://bildtelefoni.net">Bildtelefoni.net</a> {words.or}{' '}
          <a href="https://texttelefoni.se">Texttelefoni.se</a>.
        </p>
      )}
    </section>
  );
}

const texts = wording({
  sv: {
    service: 'Digitalt vårdmöte',
    skip: 'Till innehållet',
    navigation: 'Sidor',
    other: 'en',
    otherName: 'In English',
    help: 'Behöver du hjälp?',
    support: 'Teknisk support',
    relay: 'Kan du inte höra eller prata i telefon? Ring genom',
    or: 'eller',
    logOut: 'Logga ut',
    loggedIn: 'Du är inloggad',
    loggedInAs: 'Inloggad som',
  },
  en: {
    service: 'Digital care meeting',
    skip: 'To the content',
    navigation: 'Pages',
    other: 'sv',
    otherName: 'På svenska',
    help: 'Do you need help?',
    support: 'Technical support',
    relay: 'Can you not hear or speak on the telephone? Call through',
    or: 'or',
    logOut: 'Log out',
    loggedIn: 'You are logged in',
    loggedInAs: 'Logged in as',
  },
});
