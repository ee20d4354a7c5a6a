import { wording } from '../../frame/wording';

/** The pages about the service itself, linked from every page (R8.6). */
export const aboutPages = ['privacy', 'accessibility', 'genuine'] as const;
export type AboutPage = (typeof aboutPages)[number];

/** Their headings, which are also the links to them. */
export const aboutTitles = wording<Record<AboutPage, string>>({
  sv: {
    privacy: 'Så behandlar vi dina personuppgifter',
    accessibility: 'Tillgänglighetsredogörelse',
    genuine: 'Så vet du att sidan är äkta',
  },
  en: {
    privacy: 'How we process your personal data',
    accessibility: 'Accessibility statement',
    genuine: 'How to know that this page is genuine',
  },
});
