import type { Clinic } from '../../../records/clinics';
import type { Language } from '../../../rules/notices';
import { framedPage, type Frame } from '../../frame/page-frame';
import type { FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { frameClinicOf } from '../../frame/clinic-look';
import { aboutTitles } from '../about/titles';
import type { PageContent } from '../../frame/page-content';

/** What the layout shows around a page. */
export interface Surroundings {
  language: Language;
  query: Frame['query'];
  region: string | null;
  supportPhone: string;
  /** Told to those who have logged in (R3.5). */
  clinic: Clinic | null;
  /** The logged-in person's name, where it is known. */
  personName: string | null;
  /** For one who has logged in. */
  guard: FormGuard | null;
}

/** A whole page of the patients': light, and the same around every page. */
export function patientPage(page: PageContent, around: Surroundings): string {
  const { language, query, region, supportPhone, clinic, personName, guard } = around;
  const words = texts[language];
  const titles = aboutTitles[language];
  const of = guard && clinic ? `/my/clinics/${clinic.clinicId}` : '/about';
  return framedPage(page, {
    language,
    query,
    region,
    supportPhone,
    clinic: clinic && frameClinicOf(clinic),
    loggedIn: guard && { name: personName, guard, logoutPath: '/logout' },
    ways: guard ? [{ href: '/my', label: words.myMeetings }] : [],
    footer: [
      { href: `${of}/privacy`, label: titles.privacy },
      { href: `${of}/accessibility`, label: titles.accessibility },
      { href: '/about/genuine', label: titles.genuine },
    ],
  });
}

const texts = wording({
  sv: {
    myMeetings: 'Mina möten och ärenden',
  },
  en: {
    myMeetings: 'My meetings and cases',
  },
});
