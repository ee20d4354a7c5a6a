import { claimsView } from '../../use-cases/person/claims';
import { refusedCommand } from '../../use-cases/meeting/send';
import { notFound, wrongField } from '../../use-cases/command';
import { meetingOf as readMeeting, personOf } from '../../use-cases/read-before';
import { participantLink } from '../../use-cases/meeting/participant-link';
import { timelineOf } from '../../use-cases/meeting/timeline';
import { meetingView } from '../../use-cases/meeting/view';
import { invoiceViews } from '../../use-cases/invoice/view';
import { personView } from '../../use-cases/person/view';
import { staffView } from '../../use-cases/staff/commands';
import { taskView } from '../../use-cases/task/commands';
import type { KeyRing } from '../../platform/keys/key-ring';
import { feeCsv } from '../../integrations/pas/fee-csv';
import type { z } from 'zod';
import { withNoticeHours } from '../../rules/cancellation';
import type { Records } from '../../records';
import { staffIdsOf, type MeetingsBy } from '../../records/meetings';
import { actorFields, hasLoggedIn } from '../../records/audit';
import type { Answer } from '../../records/commands';
import type { Task } from '../../records/tasks';
import type { Clock } from '../../rules/clock';
import { minutesLater, toInstant } from '../../rules/instant';
import { stockholmDay } from '../../rules/calendar/stockholm';
import type { Identity } from '../../rules/personal-number';
import { seesContent, staffOfPerson } from '../access';
import type { ClinicRequest } from '../route';
import type { invoicesQuery, meetingsQuery } from './bodies';
import type { TaskKind, TaskState } from '../../rules/tasks';
import { costsOf } from '../../use-cases/invoice/costs';
import { billingFile } from './billing-file';
import { hasContent, meetingForStatus, personForStatus, taskForStatus } from './sight';

const PAGE = 50;
/**
 * Something that is written this moment can be seen a little later than something written after it. Whoever
 * asks again for this long misses nothing.
 */
const LATE_MINUTES = 1;
const AUDIT_ROWS = 200;

/** The list that a query asks for, which names one. */
function meetingsBy({ day, patientId, reference, changedSince }: z.infer<typeof meetingsQuery>): MeetingsBy {
  if (patientId !== undefined) return { patientId };
  if (reference !== undefined) return { reference };
  if (changedSince !== undefined) return { changedSince: new Date(changedSince) };
  return stockholmDay(day ?? '');
}

/** What answering questions needs. */
export interface QuestionDeps {
  records: Records;
  clock: Clock;
  linkKeys: KeyRing;
  publicUrl: string;
}

type Question = (request: ClinicRequest) => Promise<Answer>;

/** What a clinic can ask, by name. */
export type Questions = Record<
  | 'claims'
  | 'link'
  | 'settings'
  | 'fees'
  | 'staff'
  | 'forms'
  | 'form'
  | 'person'
  | 'findPerson'
  | 'audit'
  | 'meeting'
  | 'meetings'
  | 'timeline'
  | 'suitability'
  | 'filledForm'
  | 'invoices'
  | 'invoiceList'
  | 'costs'
  | 'billingFile'
  | 'tasks'
  | 'tasksOfMeeting',
  Question
>;

/**
 * What a clinic can ask; every answer is read from the database, never from a workflow (design, decision 2).
 */
export function createQuestions({ records, clock, linkKeys, publicUrl }: QuestionDeps): Questions {
  const clinicOf = ({ caller }: ClinicRequest): string => caller.clinic.clinicId;
  const meetingOf = ({ caller, params, read: readBefore }: ClinicRequest) =>
    readMeeting({ records, readBefore }, caller.clinic.clinicId, params.meetingId ?? '');
  /** A task of a list, as far as the caller sees it: only where it has content does it matter whose it is. */
  async function taskFor({ caller }: ClinicRequest, task: Task) {
    const view = taskView(task);
    if (!hasContent(view)) return view;
    const meeting = task.meetingId && (await records.meetings.find(task.clinicId, task.meetingId));
    return seesContent(caller, meeting ? staffIdsOf(meeting) : []) ? view : taskForStatus(view);
  }
  const ok = (body: unknown): Answer => ({ status: 200, body });

  return {
    settings: ({ caller }) => Promise.resolve(ok(withNoticeHours(caller.clinic.settings))),
    fees: ({ caller }) => {
      const { fees } = caller.clinic.settings;
      return Promise.resolve(ok({ rows: fees, csv: feeCsv(fees) }));
    },
    async staff(request) {
      return ok({ items: (await records.staff.list(clinicOf(request))).map(staffView) });
    },
    async forms(request) {
      const forms = await records.forms.list(clinicOf(request));
      return ok({ items: forms.map(({ formId, title, questions }) => ({ formId, title, questions })) });
    },
    async form(request) {
      const form = await records.forms.find(clinicOf(request), request.params.formId ?? '');
      return form
        ? ok({ formId: form.formId, title: form.title, questions: form.questions })
        : notFound('form');
    },
    async person(request) {
      const { params, read: readBefore } = request;
      const person = await personOf({ records, readBefore }, clinicOf(request), params.personId ?? '');
      return person ? ok(personView(person)) : notFound('person');
    },
    async findPerson(request) {
      const { personalNumber } = request.body as { personalNumber: Identity };
      const person = await records.people.findByIdentity(clinicOf(request), personalNumber);
      if (!person) return notFound('person');
      await request.noteRead([person.personId]);
      const { caller } = request;
      const isShown =
        !person.protectedIdentity ||
        seesContent(caller, await staffOfPerson(records, person.clinicId, person.personId));
      return ok(isShown ? personView(person) : personForStatus(personView(person)));
    },
    async audit(request) {
      const rows = await records.audit.ofPerson(clinicOf(request), request.params.personId ?? '', AUDIT_ROWS);
      return ok({
        items: rows.map(({ clinicId, personId, actor, ...row }) => ({
          ...row,
          ...actorFields(actor),
          loggedIn: hasLoggedIn(actor),
        })),
      });
    },
    async claims(request) {
      const meeting = await meetingOf(request);
      return meeting ? ok(await claimsView(records, meeting)) : notFound('meeting');
    },
    async link(request) {
      const meeting = await meetingOf(request);
      if (!meeting) return notFound('meeting');
      const { participantId = '' } = request.params;
      const link = await participantLink({ records, linkKeys, publicUrl }, meeting, participantId);
      return link === null ? notFound('participant') : ok({ participantId, link });
    },
    async meeting(request) {
      const meeting = await meetingOf(request);
      return meeting ? ok(meetingView(meeting, clock.now())) : notFound('meeting');
    },
    async meetings(request) {
      const query = request.query as z.infer<typeof meetingsQuery>;
      const isFirstOfChanged = query.changedSince !== undefined && query.cursor === undefined;
      const askedAt = toInstant(clock.now());
      const page = await records.meetings.list({
        clinicId: clinicOf(request),
        by: meetingsBy(query),
        state: query.state ?? null,
        cursor: query.cursor ?? null,
        limit: PAGE,
      });
      await request.noteRead([...new Set(page.items.map((meeting) => meeting.patientId))]);
      return ok({
        items: page.items.map((meeting) => {
          const view = meetingView(meeting, clock.now());
          return seesContent(request.caller, staffIdsOf(meeting)) ? view : meetingForStatus(view);
        }),
        next: page.next,
        ...(isFirstOfChanged ? { nextChangedSince: minutesLater(askedAt, -LATE_MINUTES) } : {}),
      });
    },
    async timeline(request) {
      const meeting = await meetingOf(request);
      return meeting ? ok(await timelineOf(records, meeting, clock.now())) : notFound('meeting');
    },
    async suitability(request) {
      const suitability = await records.suitabilities.read(request.params.meetingId ?? '');
      return suitability ? ok(suitability) : notFound('assessment');
    },
    async filledForm(request) {
      const { meetingId = '', formId = '' } = request.params;
      const filled = await records.forms.readFilled(clinicOf(request), meetingId, formId);
      if (!filled) return notFound('filled-in form');
      const { answers, answeredBy, recordedAt } = filled;
      return ok({ meetingId, formId, answeredBy, recordedAt, answers });
    },
    async invoices(request) {
      return ok({ items: invoiceViews(await records.charges.ofMeeting(request.params.meetingId ?? '')) });
    },
    async invoiceList(request) {
      const { standing, cause, day, cursor } = request.query as z.infer<typeof invoicesQuery>;
      const page = await records.charges.list({
        clinicId: clinicOf(request),
        standing,
        cause: cause ?? null,
        proposed: day === undefined ? null : stockholmDay(day),
        cursor: cursor ?? null,
        limit: PAGE,
      });
      await request.noteRead([...new Set(page.items.map(({ patientId }) => patientId))]);
      return ok({
        items: page.items.map((charge) => ({
          ...invoiceViews([charge]).at(-1)!,
          patientId: charge.patientId,
          standing,
        })),
        next: page.next,
      });
    },
    async costs(request) {
      const meeting = await meetingOf(request);
      const { at } = request.query as { at?: string };
      if (!meeting) return notFound('meeting');
      const costs = await costsOf(records, meeting, at ?? toInstant(clock.now()), clock.now());
      return costs ? ok(costs) : refusedCommand('moved-meanwhile');
    },
    async billingFile(request) {
      const { from, until } = request.query as { from: string; until: string };
      const file = await billingFile(records, clinicOf(request), from, until);
      if (file === 'too-much') return wrongField('/query/until', 'too-much', 'Ask for fewer days at a time.');
      await request.noteRead(file.patientIds);
      return ok(file.csv);
    },
    async tasks(request) {
      const { state, kind, assignedTo, cursor } = request.query as {
        state: TaskState;
        kind?: TaskKind;
        assignedTo?: string;
        cursor?: string;
      };
      const page = await records.tasks.list({
        clinicId: clinicOf(request),
        state,
        kind: kind ?? null,
        assignedTo: assignedTo === undefined ? null : [assignedTo],
        cursor: cursor ?? null,
        limit: PAGE,
      });
      await request.noteRead([...new Set(page.items.map((task) => task.patientId))]);
      const items = await Promise.all(page.items.map((task) => taskFor(request, task)));
      return ok({ items, next: page.next });
    },
    async tasksOfMeeting(request) {
      const tasks = await records.tasks.ofMeeting(request.params.meetingId ?? '');
      return ok({ items: tasks.map(taskView), next: null });
    },
  };
}
