import type { FormRefusal } from '../../../files/form-parser';
import type { Language } from '../../../rules/notices';
import { ButtonLink, ButtonRow, Card, Heading } from '../../frame/parts';
import { ToMyMeetings } from './ways-on';
import type { PageContent } from '../../frame/page-content';
import { wording } from '../../frame/wording';

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
        <Heading>{mayPass ? words.awayTitle : words.brokenTitle}</Heading>
        <Card>
          <p>{mayPass ? words.away : words.broken}</p>
          <p>{words.call}</p>
        </Card>
        <ButtonRow>
          <ButtonLink href={freshPage ?? ''}>{words.again}</ButtonLink>
        </ButtonRow>
      </>
    ),
  };
}

/** What a form that was not read is answered with. */
export const formTroubleStatus: Record<FormRefusal, number> = {
  'not-a-form': 415,
  'unreadable-form': 400,
  'too-much-in-form': 413,
  'too-slow': 408,
  'too-much-held': 503,
};

/**
 * What a form's parser refused before anybody else saw the form, by its status; null for what is none of its
 * refusals.
 */
export function formRefusalOf(status: number): FormRefusal | null {
  switch (status) {
    case 400:
      return 'unreadable-form';
    case 408:
      return 'too-slow';
    case 413:
      return 'too-much-in-form';
    case 415:
      return 'not-a-form';
    default:
      return null;
  }
}

/**
 * A form was not read: why, and what to do. The page's script shows the same words beside the form, where what was written still is.
 * @param freshPage as of {@link troublePage}
 */
export function formTroublePage(
  language: Language,
  refusal: FormRefusal,
  freshPage: string | null,
): PageContent {
  const words = texts[language];
  return {
    title: words.formTitle,
    main: (
      <>
        <Heading>{words.formTitle}</Heading>
        <Card>
          <p id="form-refused" data-refused={refusal}>
            {words.form[refusal]}
          </p>
          <p>{words.formBack}</p>
        </Card>
        <ButtonRow>
          <ButtonLink href={freshPage ?? ''}>{words.formAgain}</ButtonLink>
        </ButtonRow>
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
        <Heading>{words.tooManyTitle}</Heading>
        <Card>
          <p>{words.tooMany}</p>
        </Card>
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
        <Heading>{words.noPageTitle}</Heading>
        <Card>
          <p>{words.noPage}</p>
        </Card>
        <ToMyMeetings language={language} />
      </>
    ),
  };
}

const texts = wording({
  sv: {
    awayTitle: 'Tjänsten fungerar inte just nu',
    away: 'Vänta en liten stund och försök igen. Det du har gjort tidigare finns kvar.',
    brokenTitle: 'Något gick fel hos oss',
    broken: 'Felet är vårt, inte ditt. Försök igen.',
    again: 'Försök igen',
    call: 'Börjar ditt möte snart? Ring eller skriv till mottagningen, så att de vet att du har försökt.',
    formTitle: 'Det du skickade kunde inte tas emot',
    form: {
      'not-a-form':
        'Webbläsaren skickade det i ett format som vi inte kan läsa. Ladda om sidan och försök igen.',
      'unreadable-form': 'Det kom inte fram helt, eller gick inte att läsa. Försök igen.',
      'too-much-in-form': 'Det är för mycket text. Skriv kortare, eller dela upp det i flera delar.',
      'too-slow':
        'Uppkopplingen var för långsam, så allt kom inte fram. Försök igen när du har bättre täckning.',
      'too-much-held': 'Det kommer många filer just nu. Vänta en liten stund och försök igen.',
    } satisfies Record<FormRefusal, string>,
    formBack: 'Inget har skickats. Gå tillbaka i webbläsaren, så finns det du har skrivit oftast kvar.',
    formAgain: 'Till sidan',
    noPageTitle: 'Sidan finns inte',
    noPage:
      'Adressen är fel, eller så har sidan tagits bort. Öppna länken i ditt sms igen, eller gå till dina möten och ärenden.',
    tooManyTitle: 'För många försök',
    tooMany: 'Det har gjorts för många försök härifrån. Vänta en minut och försök igen.',
  },
  en: {
    awayTitle: 'The service is not working right now',
    away: 'Wait a moment and try again. What you have done before is still there.',
    brokenTitle: 'Something went wrong on our side',
    broken: 'The fault is ours, not yours. Please try again.',
    again: 'Try again',
    call: 'Does your meeting start soon? Call or write to the clinic, so that they know you have tried.',
    formTitle: 'What you sent could not be received',
    form: {
      'not-a-form': 'The browser sent it in a format that we cannot read. Reload the page and try again.',
      'unreadable-form': 'Not all of it came through, or it could not be read. Try again.',
      'too-much-in-form': 'There is too much text. Write less, or split it into several parts.',
      'too-slow':
        'The connection was too slow, so not all of it came through. Try again with better coverage.',
      'too-much-held': 'Many files are being sent right now. Wait a moment and try again.',
    },
    formBack: 'Nothing was sent. Go back in the browser, and what you have written is usually still there.',
    formAgain: 'To the page',
    noPageTitle: 'There is no such page',
    noPage:
      'The address is wrong, or the page has been removed. Open the link in your SMS again, or go to your meetings and cases.',
    tooManyTitle: 'Too many attempts',
    tooMany: 'There have been too many attempts from here. Wait a minute and try again.',
  },
});
