import { z } from 'zod';
import type { StaffMember } from '../../../records/staff';
import type { Language } from '../../../rules/notices';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, Card, Heading, Table, Tag } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { DESK_PATH } from '../frame/paths';
import { refusalPage } from '../frame/refusals';
import { roleWords } from '../frame/role-words';
import { managers, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { CameOf, managePath, ManageTabs, partOf, PartLinks } from './parts';
import {
  faultsOfOwn,
  readTyped,
  StaffForm,
  StaffTrouble,
  typedOf,
  typedStaff,
  whatIsKnown,
  type StaffProblems,
  type TypedStaff,
} from './staff-form';
import { reasonOf } from '../../page-command';

const STAFF = managePath('staff');
const memberPath = (memberId: string, page = ''): string => `${STAFF}/${memberId}${page && `/${page}`}`;

/** The clinic's staff (R8.7): who they are, what they may, and whom patients see. */
export function staffRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const row = (
    route: Pick<DeskRoute, 'method' | 'path' | 'operation' | 'summary' | 'handle'> & { body?: z.ZodType },
  ): DeskRoute => ({ ...route, roles: managers, subject: 'clinic' });
  return [
    row({
      method: 'get',
      path: STAFF,
      operation: 'staff.list',
      summary: 'The clinic’s staff',
      handle: async (request) => ({ page: await listPage(deps, request) }),
    }),
    row({
      method: 'post',
      path: STAFF,
      operation: 'staff.add',
      summary: 'Records a member of staff',
      body: typedStaff,
      handle: (request) => add(deps, request),
    }),
    row({
      method: 'get',
      path: `${STAFF}/new`,
      operation: 'staff.new',
      summary: 'The form of a new member of staff',
      handle: (request) => Promise.resolve({ page: newPage(request, typedOf(null), {}) }),
    }),
    row({
      method: 'get',
      path: `${STAFF}/{memberId}`,
      operation: 'staff.list',
      summary: 'The record of one member of staff',
      handle: (request) => showMember(deps, request),
    }),
    row({
      method: 'post',
      path: `${STAFF}/{memberId}`,
      operation: 'staff.change',
      summary: 'Replaces the record of a member of staff',
      body: typedStaff.extend({ asRead: z.string().max(40) }),
      handle: (request) => change(deps, request),
    }),
    row({
      method: 'post',
      path: `${STAFF}/{memberId}/log-out`,
      operation: 'staff.end-sessions',
      summary: 'Ends all sessions of a member of staff',
      handle: (request) => endSessions(deps, request),
    }),
  ];
}

async function listPage({ records }: DeskRouteDeps, { clinic, query, language }: DeskRequest) {
  const members = await records.staff.list(clinic.clinicId);
  const words = texts[language];
  // Those who have left stand last.
  const part = partOf(
    [...members.filter(({ isActive }) => isActive), ...members.filter(({ isActive }) => !isActive)],
    query.part,
  );
  return {
    title: words.title,
    main: (
      <>
        <CameOf query={query} said={words.said} language={language} />
        <Heading above={words.above}>{words.title}</Heading>
        <ManageTabs current="staff" language={language} />
        <ButtonRow>
          <ButtonLink href={`${STAFF}/new`}>{words.add}</ButtonLink>
        </ButtonRow>
        {members.length === 0 ? (
          <p>{words.none}</p>
        ) : (
          <Table
            caption={words.title}
            head={[words.name, words.jobTitle, words.roles, words.login, words.state]}
            rows={part.shown.map((member) => ({
              key: member.memberId,
              cells: [
                <a href={memberPath(member.memberId)}>{member.name}</a>,
                member.title,
                member.roles.map((role) => roleWords[language][role]).join(', ') || words.noRole,
                member.login ?? words.noLogin,
                <StateTag member={member} language={language} />,
              ],
            }))}
          />
        )}
        <PartLinks part={part} to={STAFF} language={language} />
      </>
    ),
  } satisfies PageContent;
}

const StateTag = ({ member, language }: { member: StaffMember; language: Language }) => (
  <Tag tone={member.isActive ? 'success' : 'quiet'}>
    {member.isActive ? texts[language].active : texts[language].left}
  </Tag>
);

function newPage(request: DeskRequest, typed: TypedStaff, problems: StaffProblems): PageContent {
  const { language } = request;
  const words = texts[language];
  return {
    title: words.addTitle,
    main: (
      <>
        <StaffTrouble problems={problems} language={language} />
        <Heading above={words.title}>{words.addTitle}</Heading>
        <StaffForm action={STAFF} typed={typed} problems={problems} request={request} asRead={null} />
      </>
    ),
  };
}

async function add(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const typed = request.body as TypedStaff;
  const read = readTyped(typed, request.language);
  if ('problems' in read) return { page: newPage(request, typed, read.problems), status: 422 };
  const answer = await giveDeskCommand(deps, request, { operation: 'staff.add', body: read.body });
  if (reasonOf(answer) === 'staff-known') {
    const problems = await whatIsKnown(deps.records, request, read.body, null);
    return { page: newPage(request, typed, problems), status: 409 };
  }
  return afterCommand(answer, STAFF, 'added');
}

const memberOf = ({ records }: DeskRouteDeps, { clinic, params }: DeskRequest): Promise<StaffMember | null> =>
  records.staff.find(clinic.clinicId, params.memberId ?? '');
const noSuchMember = ({ language }: DeskRequest): PageAnswer => ({
  page: refusalPage(language, 'not-found', `${DESK_PATH}/today`),
  status: 404,
});

async function showMember(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const member = await memberOf(deps, request);
  if (!member) return noSuchMember(request);
  return { page: memberPage(request, member, typedOf(member), {}) };
}

function memberPage(
  request: DeskRequest,
  member: StaffMember,
  typed: TypedStaff,
  problems: StaffProblems,
): PageContent {
  const { language, query, guard } = request;
  const words = texts[language];
  const { memberId } = member;
  const isOwn = memberId === request.member.memberId;
  return {
    title: words.memberTitle,
    main: (
      <>
        <CameOf query={query} said={words.said} language={language} />
        <StaffTrouble problems={problems} language={language} />
        <Heading above={words.title}>{member.name}</Heading>
        <StaffForm
          action={memberPath(memberId)}
          typed={typed}
          problems={problems}
          request={request}
          asRead={member.changedAt}
        />
        {member.login !== null && !isOwn && (
          <Card>
            <h2>{words.sessions}</h2>
            <p>{words.sessionsHint}</p>
            <PostForm action={memberPath(memberId, 'log-out')} guard={guard}>
              <Button kind="secondary" icon="lock">
                {words.endSessions}
              </Button>
            </PostForm>
          </Card>
        )}
        <p>
          <a href={STAFF}>{words.back}</a>
        </p>
      </>
    ),
  };
}

async function change(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const member = await memberOf(deps, request);
  if (!member) return noSuchMember(request);
  const { asRead, ...typed } = request.body as TypedStaff & { asRead: string };
  const refuse = (problems: StaffProblems, status: number, of = member): PageAnswer => ({
    page: memberPage(request, of, typed, problems),
    status,
  });
  const read = readTyped(typed, request.language);
  if ('problems' in read) return refuse(read.problems, 422);
  const ofOwn = faultsOfOwn(request, member, read.body);
  if (ofOwn) return refuse(ofOwn, 422);
  const answer = await giveDeskCommand(deps, request, {
    operation: 'staff.change',
    params: { ...request.params, asRead },
    body: read.body,
  });
  const reason = reasonOf(answer);
  if (reason === 'staff-known')
    return refuse(await whatIsKnown(deps.records, request, read.body, member.memberId), 409);
  if (reason === 'overtaken') {
    const now = (await memberOf(deps, request)) ?? member;
    return refuse({ page: texts[request.language].overtaken(now) }, 409, now);
  }
  return afterCommand(answer, STAFF, 'changed');
}

async function endSessions(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const member = await memberOf(deps, request);
  if (!member) return noSuchMember(request);
  if (member.login !== null) await deps.records.staffSessions.endAllOf(member.login);
  return { redirect: `${memberPath(member.memberId)}?said=ended` };
}

const texts = wording({
  sv: {
    above: 'Verksamheten',
    title: 'Personal',
    add: 'Lägg till',
    addTitle: 'Lägg till personal',
    memberTitle: 'Ändra uppgifter om personal',
    none: 'Ingen personal är inlagd.',
    name: 'Namn',
    jobTitle: 'Titel',
    roles: 'Roller',
    login: 'Inloggning',
    state: 'Läge',
    active: 'Arbetar här',
    left: 'Har slutat',
    noRole: 'Ingen',
    noLogin: 'Loggar inte in',
    sessions: 'Logga ut överallt',
    sessionsHint:
      'Avslutar alla inloggningar som personen har, på alla datorer och mottagningar. ' +
      'Personen kan logga in igen, om du inte också ändrar ovan.',
    endSessions: 'Logga ut personen överallt',
    back: 'Till personallistan',
    overtaken: ({ name, title }: StaffMember) =>
      `Någon annan har ändrat uppgifterna sedan du öppnade sidan. Inget av ditt har sparats. Nu gäller: ${name}, ` +
      `${title}. Kontrollera det du har skrivit och spara igen.`,
    said: {
      added: 'Personen är tillagd.',
      changed: 'Ändringen är sparad. Den gäller från nästa klick.',
      ended: 'Personen är utloggad överallt.',
    },
  },
  en: {
    above: 'The clinic',
    title: 'Staff',
    add: 'Add',
    addTitle: 'Add a member of staff',
    memberTitle: 'Change a member of staff',
    none: 'No staff is recorded.',
    name: 'Name',
    jobTitle: 'Title',
    roles: 'Roles',
    login: 'Login',
    state: 'State',
    active: 'Works here',
    left: 'Has left',
    noRole: 'None',
    noLogin: 'Does not log in',
    sessions: 'Log out everywhere',
    sessionsHint:
      'Ends all logins that the person has, on all computers and at all clinics. The person can log in again, ' +
      'unless you also change something above.',
    endSessions: 'Log the person out everywhere',
    back: 'To the list of staff',
    overtaken: ({ name, title }) =>
      `Somebody else has changed the record since you opened the page. Nothing of yours is saved. Now it is: ` +
      `${name}, ${title}. Check what you have written, and save again.`,
    said: {
      added: 'The person is added.',
      changed: 'The change is saved. It holds from the next click.',
      ended: 'The person is logged out everywhere.',
    },
  },
});
