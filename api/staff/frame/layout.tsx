import type { Clinic } from '../../../records/clinics';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import type { DeskRole } from '../../../rules/staff';
import { frameClinicOf } from '../../frame/clinic-look';
import type { PageContent } from '../../frame/page-content';
import { framedPage, type Frame } from '../../frame/page-frame';
import type { FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { deskScript } from '../assets';
import { Lock } from '../lock/lock';
import { DESK_PATH } from './paths';
import { everybody, managers } from './route';

/** What the layout shows around a page of the desk. */
export interface DeskSurroundings {
  language: Language;
  query: Frame['query'];
  /** The page's own, without its query: the way that leads there is marked. */
  path: string;
  region: string | null;
  supportPhone: string;
  /** Null before one has logged in and chosen a clinic. */
  at: { clinic: Clinic; member: StaffMember; roles: readonly DeskRole[] } | null;
  /** For one who has logged in. */
  guard: FormGuard | null;
}

/** A page of the desk, with the ways to its parts: those that the roles may go. */
export function deskPage(page: PageContent, around: DeskSurroundings): string {
  const { language, query, path, region, supportPhone, at, guard } = around;
  const words = texts[language];
  return framedPage(at && guard ? withLock(page, language, guard, at.member.memberId) : page, {
    language,
    query,
    region,
    supportPhone,
    clinic: at && frameClinicOf(at.clinic),
    loggedIn: guard && {
      name: at && `${at.member.name}, ${at.member.title}`,
      guard,
      logoutPath: `${DESK_PATH}/logout`,
    },
    ways: at
      ? ways.filter(({ roles }) => at.roles.some((role) => roles.includes(role))).map(wayIn(words, path))
      : [],
    footer: [],
    isForStaff: true,
  });
}

/** A desk that nobody uses covers itself (R8.8). */
function withLock(page: PageContent, language: Language, guard: FormGuard, memberId: string): PageContent {
  return {
    ...page,
    scripts: [...(page.scripts ?? []), deskScript('lock')],
    main: (
      <>
        {page.main}
        <Lock language={language} guard={guard} memberId={memberId} />
      </>
    ),
  };
}

/** The desk's parts, in their order on every page. */
const ways: { page: keyof (typeof texts)['sv']; path: string; roles: readonly DeskRole[] }[] = [
  { page: 'today', path: 'today', roles: everybody },
  { page: 'inbox', path: 'inbox', roles: everybody },
  { page: 'tasks', path: 'tasks', roles: everybody },
  { page: 'people', path: 'people', roles: everybody },
  { page: 'invoices', path: 'invoices', roles: everybody },
  { page: 'standIn', path: 'take-over', roles: ['booker', 'operations-manager'] },
  { page: 'manage', path: 'manage', roles: managers },
  { page: 'me', path: 'me', roles: everybody },
];

const wayIn =
  (words: Record<string, string>, current: string) =>
  ({ page, path }: (typeof ways)[number]): { href: string; label: string; isCurrent: boolean } => {
    const href = `${DESK_PATH}/${path}`;
    return { href, label: words[page] ?? '', isCurrent: current === href || current.startsWith(`${href}/`) };
  };

const texts = wording({
  sv: {
    today: 'Dagens möten',
    inbox: 'Ärenden',
    tasks: 'Uppgifter',
    people: 'Personer',
    invoices: 'Fakturor',
    standIn: 'Ersättare',
    manage: 'Verksamheten',
    me: 'Min sida',
  },
  en: {
    today: 'Today’s meetings',
    inbox: 'Cases',
    tasks: 'Tasks',
    people: 'People',
    invoices: 'Invoices',
    standIn: 'Stand-in',
    manage: 'The clinic',
    me: 'My page',
  },
});
