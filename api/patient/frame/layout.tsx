import type { ComponentChildren } from 'preact';
import type { Language } from '../../../rules/notices';
import { versioned } from '../../packed';
import { PhoneNumber, picoStylesheet, renderPage } from '../../pages/page';
import type { FormGuard, PageContent } from './route';
import { patientStyle } from './style';
import { wording } from './wording';

/** Whom one calls (R3.5): the support on every page, the clinic once logged in. */
export interface Phones {
  support: string;
  clinic: { name: string; phone: string } | null;
}

/** What the layout shows around a page. */
export interface Surroundings {
  language: Language;
  /** The page was asked for by its address, where it can be shown in the other language too. */
  canSwitch: boolean;
  phones: Phones;
  /** For one who has logged in. */
  guard: FormGuard | null;
}

/** Where the pages' own stylesheet is. */
export const PATIENT_STYLESHEET = '/assets/patient.css';
const patientStylesheet = versioned(PATIENT_STYLESHEET, patientStyle);

/** A whole page of the patients': light, and the same around every page. */
export function patientPage(
  { title, main, scripts, refreshSeconds, refreshTo }: PageContent,
  around: Surroundings,
): string {
  const { language, canSwitch, phones, guard } = around;
  const words = texts[language];
  return renderPage({
    language,
    title: `${title} – ${words.service}`,
    stylesheets: [picoStylesheet, patientStylesheet],
    ...(scripts ? { scripts } : {}),
    ...(refreshTo === undefined ? {} : { refreshTo }),
    ...(refreshSeconds === undefined ? {} : { refreshSeconds }),
    children: (
      <>
        <a href="#main" class="skip-link">
          {words.skip}
        </a>
        <header class="container patient-header">
          <p class="service">{words.service}</p>
          <nav aria-label={words.navigation}>
            <ul>
              {canSwitch && (
                <li>
                  <a href={`?language=${words.other}`} lang={words.other} hreflang={words.other}>
                    {words.otherName}
                  </a>
                </li>
              )}
              {guard && (
                <li>
                  <a href="/my">{words.myMeetings}</a>
                </li>
              )}
            </ul>
          </nav>
        </header>
        <main class="container" id="main" tabIndex={-1}>
          {main}
        </main>
        <footer class="container">
          <Help language={language} phones={phones} />
          {guard && (
            <PostForm action="/logout" guard={guard}>
              <button type="submit" class="secondary outline">
                {words.logOut}
              </button>
            </PostForm>
          )}
        </footer>
      </>
    ),
  });
}

/** Both telephone numbers (R3.5). */
function Help({ language, phones: { support, clinic } }: { language: Language; phones: Phones }) {
  const words = texts[language];
  return (
    <section aria-labelledby="help">
      <h2 id="help">{words.help}</h2>
      <ul>
        {clinic && (
          <li>
            {clinic.name}: <PhoneNumber number={clinic.phone} />
          </li>
        )}
        <li>
          {words.support}: <PhoneNumber number={support} />
        </li>
      </ul>
    </section>
  );
}

/**
 * A form that posts to us, with what tells that it is ours. Without an action it posts to the page's own
 * address.
 */
export function PostForm({
  action,
  guard,
  children,
  ...rest
}: {
  action?: string;
  guard: FormGuard;
  children: ComponentChildren;
  id?: string;
  class?: string;
  target?: '_blank';
  autocomplete?: 'off';
  noValidate?: true;
  /** Where the page's script keeps what is filled in so far. */
  'data-draft'?: string;
}) {
  return (
    <form method="post" {...(action === undefined ? {} : { action })} {...rest}>
      <input type="hidden" name="csrf" value={guard.csrf} />
      <input type="hidden" name="formKey" value={guard.formKey} />
      {children}
    </form>
  );
}

const texts = wording({
  sv: {
    service: 'Digitalt vårdmöte',
    skip: 'Till innehållet',
    navigation: 'Sidor',
    other: 'en',
    otherName: 'In English',
    myMeetings: 'Mina möten och ärenden',
    help: 'Behöver du hjälp?',
    support: 'Teknisk support',
    logOut: 'Logga ut',
  },
  en: {
    service: 'Digital care meeting',
    skip: 'To the content',
    navigation: 'Pages',
    other: 'sv',
    otherName: 'På svenska',
    myMeetings: 'My meetings and cases',
    help: 'Do you need help?',
    support: 'Technical support',
    logOut: 'Log out',
  },
});
