import type { Language } from '../../../rules/notices';
import type { PageContent } from './route';
import { wording } from './wording';
import { ToMyMeetings } from './ways-on';

/**
 * Something is wrong with us, not with the person: what to do now. The telephone numbers stand below.
 * @param freshPage where it can be tried again; null for the same address
 */
export function troublePage(language: Language, status: number, freshPage: string | null): PageContent {
  const words = texts[language];
  const mayPass = status === 503;
  return {
    title: mayPass ? words.awayTitle : words.brokenTitle,
    main: (
      <>
        <h1>{mayPass ? words.awayTitle : words.brokenTitle}</h1>
        <p>{mayPass ? words.away : words.broken}</p>
        <p>
          <a href={freshPage ?? ''} role="button">
            {words.again}
          </a>
        </p>
        <p>{words.call}</p>
      </>
    ),
  };
}

/** Too many tries from one address. */
export function tooManyPage(language: Language): PageContent {
  const words = texts[language];
  return {
    title: words.tooManyTitle,
    main: (
      <>
        <h1>{words.tooManyTitle}</h1>
        <p>{words.tooMany}</p>
      </>
    ),
  };
}

/** An address that no page has. */
export function noSuchPage(language: Language): PageContent {
  const words = texts[language];
  return {
    title: words.noPageTitle,
    main: (
      <>
        <h1>{words.noPageTitle}</h1>
        <p>{words.noPage}</p>
        <ToMyMeetings language={language} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    awayTitle: 'Tjänsten svarar inte just nu',
    away: 'Vänta en liten stund och försök igen. Det du har gjort tidigare finns kvar.',
    brokenTitle: 'Något gick fel hos oss',
    broken: 'Felet är vårt, inte ditt. Försök igen.',
    again: 'Försök igen',
    call: 'Börjar ditt möte snart? Ring mottagningen eller supporten, så att de vet att du har försökt.',
    noPageTitle: 'Sidan finns inte',
    noPage:
      'Adressen är fel, eller så har sidan tagits bort. Öppna länken i ditt SMS igen, eller gå till dina möten.',
    tooManyTitle: 'För många försök',
    tooMany: 'Det har gjorts för många försök härifrån. Vänta en minut och försök igen.',
  },
  en: {
    awayTitle: 'The service does not answer just now',
    away: 'Wait a little while and try again. What you have done before is still there.',
    brokenTitle: 'Something went wrong on our side',
    broken: 'The fault is ours, not yours. Please try again.',
    again: 'Try again',
    call: 'Does your meeting start soon? Call the clinic or the support, so that they know that you have tried.',
    noPageTitle: 'There is no such page',
    noPage:
      'The address is wrong, or the page has been removed. Open the link in your SMS again, or go to your meetings.',
    tooManyTitle: 'Too many tries',
    tooMany: 'There have been too many tries from here. Wait a minute and try again.',
  },
});
