import { createHash } from 'node:crypto';
import mongoose from 'mongoose';
import { problemAnswer } from '../../api/clinic/answers';
import type { FieldProblem } from '../../use-cases/command';
import { randomId } from '../../platform/keys/random-id';
import { saveInvoice, saveTasks } from '../../use-cases/read-models/meeting-and-invoice';
import type { Clock } from '../../rules/clock';
import type { DesiredTask } from '../../rules/tasks';
import { TemporalUnavailable, type TemporalGateway } from '../../temporal/gateway';
import { formWith, openCase, smallPdf } from '../support/cases';
import {
  bookingOf,
  testSettingsBody,
  type CallAnswer,
  type CallOptions,
  type TestClinic,
  type TestMeeting,
} from '../support/clinic';
import type { Service } from '../support/service';
import { inStockholm } from '../../rules/calendar/stockholm';
import { waitUntil } from '../support/wait-until';

/** Days as ISO instants, counted from the real now: the workflows of the dev server run in it. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const inMs = (ms: number, from = new Date()): string => new Date(from.getTime() + ms).toISOString();
/** The birth date of one who is that old by now, and some weeks. */
export const bornYearsAgo = (years: number): string => inMs(-(years * 365.25 + 30) * DAY).slice(0, 10);
/** The calendar day there, which is another than UTC's late in the evening. */
export const dayInStockholm = (instant: string): string => inStockholm(new Date(instant)).toISODate();

/** What a refused request must leave as it was. */
const KEPT = [
  'people',
  'meetings',
  'forms',
  'filledForms',
  'suitabilities',
  'ledger',
  'charges',
  'tasks',
  'confirmations',
  'cases',
  'messages',
  'threads',
  'files',
  'contents.files',
  'contents.chunks',
  'refusedEntries',
  'clinics',
  'events',
  'webhooks',
  'offeredTimes',
  'claims',
  'staff',
] as const;

export interface RawDatabase {
  db: mongoose.mongo.Db;
  /** Every document of what clinics and patients have with us: how many, and a digest of their contents. */
  contents(): Promise<{ counts: Record<string, number>; digest: string }>;
  /** Rows of the audit log, oldest first. */
  audit(filter?: object): Promise<AuditRow[]>;
  close(): Promise<void>;
}

export interface AuditRow {
  _id: string;
  at: string;
  clinicId: string | null;
  actor: string;
  actorId: string | null;
  staffId: string | null;
  role: string | null;
  operation: string;
  subjectId: string | null;
  personId: string | null;
  reason: string | null;
  allowed: boolean;
}

/** The service's own database as one sees it who has nothing but a MongoDB shell. */
export async function openDatabase(service: Service): Promise<RawDatabase> {
  const uri = process.env.TEST_MONGODB_URI?.replace('DATABASE', service.taskQueue) ?? '';
  const client = await new mongoose.mongo.MongoClient(uri).connect();
  const db = client.db();
  return {
    db,
    async contents() {
      const hash = createHash('sha256');
      const counts: Record<string, number> = {};
      for (const name of KEPT) {
        const rows = await db.collection(name).find().sort({ _id: 1 }).toArray();
        counts[name] = rows.length;
        hash.update(JSON.stringify(rows));
      }
      return { counts, digest: hash.digest('hex') };
    },
    audit: (filter = {}) => db.collection<AuditRow>('audit').find(filter).sort({ at: 1 }).toArray(),
    close: () => client.close(),
  };
}

/**
 * How many workflows were ever started by this test's service. Temporal's lists follow a moment behind its
 * starts, so this waits until they show at least as many as the test knows of.
 */
export async function startedWorkflows({ client, taskQueue }: Service, atLeast: number): Promise<number> {
  const count = async () => (await client.workflow.count(`TaskQueue = "${taskQueue}"`)).count;
  return waitUntil(count, (started) => started >= atLeast);
}

const askedOfWorkflows = [
  'cancelMeeting',
  'rebookMeeting',
  'enterMeeting',
  'stateOutcome',
  'registerVisit',
  'propose',
  'approveInvoice',
  'waiveInvoice',
  'objectToInvoice',
  'answerInvoice',
  'creditInvoice',
  'replaceInvoice',
  'patientWrites',
  'staffWrites',
  'closeCase',
  'documentCase',
] as const satisfies (keyof TemporalGateway)[];

/**
 * For a service without workers: what is asked of a workflow is answered at once as it would be when its
 * deadline had passed.
 */
export function waitForNoWorkflow({ temporal }: Service): void {
  const unanswered = () => Promise.reject(new TemporalUnavailable(null));
  Object.assign(temporal, Object.fromEntries(askedOfWorkflows.map((name) => [name, unanswered])));
}

/** An answer that is a problem as RFC 9457 has it; answers with the fields that it names. */
export function expectProblem(answer: CallAnswer, status: number | number[]): FieldProblem[] {
  expect([status].flat()).toContain(answer.status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json(;|$)/);
  expect(problemAnswer.strict().parse(answer.body)).toMatchObject({ status: answer.status });
  expect((answer.body as { type: string }).type).toMatch(/^urn:vardmote:problem:[a-z-]+$/);
  return (answer.body as { errors: FieldProblem[] }).errors;
}

/** A clock that a test moves, and can hold still. */
export interface TestClock extends Clock {
  passMs(ms: number): void;
  /** Holds the clock at the instant. */
  holdAt(instant: Date): void;
  /** The real time again. */
  release(): void;
}

export function testClock(): TestClock {
  let aheadMs = 0;
  let held: Date | null = null;
  return {
    now: () => new Date(held ?? Date.now() + aheadMs),
    passMs: (ms) => {
      if (held) held = new Date(held.getTime() + ms);
      else aheadMs += ms;
    },
    holdAt: (instant) => (held = instant),
    release: () => {
      held = null;
      aheadMs = 0;
    },
  };
}

/** What a route's address and body can name. */
export interface Ids {
  personId: string;
  relativeId: string;
  formId: string;
  meetingId: string;
  participantId: string;
  invoiceId: string;
  taskId: string;
  caseId: string;
  fileId: string;
  chatFileId: string;
  memberId: string;
}

/** A clinic's person, form and meeting, made over HTTP, with an invoice and a task of the meeting. */
export async function populate(service: Service, clinic: TestClinic, patient: object = {}): Promise<Ids> {
  const startAt = inMs(10 * DAY);
  const personId = await clinic.addPatient(patient);
  const relativeId = await clinic.addPatient();
  const formId = await clinic.addForm();
  const meeting = await clinic.book({ patientId: personId, startAt, formIds: [formId] });
  return {
    personId,
    relativeId,
    formId,
    meetingId: meeting.meetingId,
    participantId: meeting.patientParticipantId,
    ...(await addInvoiceAndTask(service, meeting.meetingId)),
    ...(await addThreads(clinic, personId, meeting)),
    memberId: await addMember(clinic),
  };
}

/** A member of the clinic's staff, recorded by its system. */
export async function addMember(clinic: TestClinic): Promise<string> {
  const body = rightBodies['staff.add']!({} as Ids);
  const added = await clinic.call('POST', '/clinic/staff', { body, role: 'operations-manager' });
  if (added.status !== 201) throw new Error(`no member: ${added.status} ${JSON.stringify(added.body)}`);
  return (added.body as { memberId: string }).memberId;
}

/**
 * A message case of the patient, which the member of staff has who opened it, and files that wait to be sent
 * there and in a meeting's chat.
 */
export async function addThreads(
  clinic: TestClinic,
  personId: string,
  meeting: Pick<TestMeeting, 'path'>,
): Promise<Pick<Ids, 'caseId' | 'fileId' | 'chatFileId'>> {
  const { caseId, path } = await openCase(clinic, personId);
  const uploadTo = async (thread: string): Promise<string> => {
    const { status, body } = await clinic.call('POST', `${thread}/files`, rightFile());
    if (status !== 201) throw new Error(`no file: ${status} ${JSON.stringify(body)}`);
    return (body as { fileId: string }).fileId;
  };
  return { caseId, fileId: await uploadTo(path), chatFileId: await uploadTo(`${meeting.path}/chat`) };
}

/** What a route sends that takes a file. */
export const rightFile = (): Pick<CallOptions, 'headers' | 'body'> =>
  formWith({ name: 'remiss.pdf', type: 'application/pdf', content: smallPdf }, 'the-same-each-time');

/**
 * An invoice that waits for approval, and a task to call the patient, as their causes write them: without any
 * worker.
 */
export async function addInvoiceAndTask(
  { records }: Service,
  meetingId: string,
): Promise<Pick<Ids, 'invoiceId' | 'taskId'>> {
  const [invoiceId, now] = [randomId(), new Date()];
  const at = now.toISOString();
  await saveInvoice(
    records,
    {
      meetingId,
      startVersion: 1,
      version: 1,
      basis: 0,
      invoices: [
        {
          invoiceId,
          state: 'proposed',
          cause: 'no-show',
          decision: {
            kind: 'missed-visit-fee',
            because: [{ rule: 'R5.3', reason: 'no-show' }],
            payer: 'patient',
            needsApproval: true,
          },
          feeCode: 'visit',
          amountOre: 40_000,
          proposedAt: at,
          letThroughAt: null,
          objected: false,
          handedOverAt: null,
        },
      ],
      next: null,
      steps: [{ at, invoiceId, what: 'proposed', reason: 'no-show', commandId: null }],
    },
    now,
  );
  const meeting = await records.meetings.get(meetingId);
  await records.transaction((session) => saveTasks(records, meeting, [taskToCall], now, session));
  const tasks = await records.tasks.ofMeeting(meetingId);
  return { invoiceId, taskId: tasks.find(({ kind }) => kind === 'nobody-reached')!.taskId };
}

const taskToCall: DesiredTask = {
  kind: 'nobody-reached',
  occasion: '1',
  state: 'open',
  dueAt: null,
  because: ['no-consent'],
  invoiceId: null,
  reminders: 0,
  overdue: false,
};

/** `/clinic/people/{personId}` with the ids in it. */
export const pathWith = (path: string, ids: Ids): string =>
  path.replace(/\{(\w+)\}/g, (_, name: keyof Ids) => ids[name]);

const memberBody = (staffId: string): Record<string, unknown> => ({
  name: 'Anna Ek',
  title: 'fysioterapeut',
  shownName: 'Anna E',
  staffIds: [staffId],
  roles: ['clinician'],
  login: null,
  isActive: true,
});

/** A query that is right, for each operation that needs one. */
export const rightQueries: Record<string, string> = {
  'meeting.list': `?day=${dayInStockholm(inMs(10 * DAY))}`,
  'billing.read-file': `?from=${inMs(-DAY).slice(0, 10)}&until=${inMs(DAY).slice(0, 10)}`,
};

/** A body that is right in every field, for each operation that has one. */
export const rightBodies: Record<string, (ids: Ids) => Record<string, unknown>> = {
  'clinic.change-settings': () => {
    const text = { sv: 'Text', en: 'Text' };
    const presentation = {
      ...testSettingsBody.presentation,
      privacyNotice: text,
      accessibilityStatement: { ...text },
    };
    return structuredClone({ ...testSettingsBody, presentation });
  },
  'fees.import': () => ({
    csv: 'feeCode;validFrom;validUntil;visitFeeOre;missedVisitFeeOre\nvisit;2020-01-01;;30000;40000\n',
    dryRun: false,
  }),
  'form.add': () => ({
    title: 'Inför mötet',
    questions: [
      { questionId: 'text', label: 'Berätta', required: false, type: 'text', maxLength: 100 },
      { questionId: 'number', label: 'Vikt', required: false, type: 'number', min: 0, max: 300 },
      {
        questionId: 'choice',
        label: 'Välj',
        required: false,
        type: 'choice',
        choices: ['a', 'b'],
        many: true,
      },
      { questionId: 'scale', label: 'Ont', required: true, type: 'scale', from: 0, to: 10 },
      { questionId: 'date', label: 'Sedan', required: false, type: 'date' },
    ],
  }),
  'person.add': () => ({
    name: 'Tolvan Testperson',
    personalNumber: null,
    birthDate: '1980-05-17',
    mobile: '+46701740605',
    email: 'tolvan@example.org',
    language: 'sv',
    noticesBy: 'sms',
    unsuitableWays: ['telephone'],
    protectedIdentity: false,
  }),
  'person.search': () => ({ personalNumber: '198112189876' }),
  'person.change': () => ({
    name: 'Tolvan Andersson',
    mobile: '+46701740606',
    email: 'tolvan@example.net',
    language: 'en',
    noticesBy: 'email',
    unsuitableWays: ['telephone', 'video-telephony'],
    protectedIdentity: false,
  }),
  'person.stop-guardian': ({ relativeId }) => ({ guardianId: relativeId, reason: 'Efter samtal med barnet' }),
  'person.allow-guardian': ({ relativeId }) => ({ guardianId: relativeId }),
  'person.replace-identity': () => ({ personalNumber: '198112189876', birthDate: '1981-12-18' }),
  'person.record-sms-consent': () => ({ given: true, source: 'asked' }),
  'person.record-care-history-consent': () => ({ given: true, givenBy: 'person' }),
  'meeting.book': ({ personId, relativeId, formId }) => ({
    ...bookingOf({ patientId: personId, startAt: inMs(5 * DAY) }),
    participants: [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'relative', personId: relativeId },
      { role: 'interpreter', personId: null },
    ],
    formIds: [formId],
    correspondsToVisit: true,
    noticeHours: 24,
    interpreterNeeded: true,
    reference: 'PAS:visit/2026-1.a_b',
  }),
  'meeting.rebook': () => ({
    startAt: inMs(6 * DAY),
    durationMinutes: 30,
    by: 'clinic',
    receivedAt: inMs(0),
  }),
  'meeting.decide-claim': () => ({ claimId: randomId(), approved: false }),
  'meeting.offer-times': () => ({ startAts: [inMs(7 * DAY)] }),
  'meeting.cancel': () => ({ by: 'patient', receivedAt: inMs(0) }),
  'form.fill-in': () => ({ answers: { how: 3 }, answeredBy: 'staff-by-telephone' }),
  'meeting.enter': ({ participantId }) => ({ participantId, identityChecked: 'known-to-staff' }),
  'meeting.state-outcome': () => ({ outcome: 'back-up-routine', way: 'text-thread' }),
  'meeting.correct-outcome': () => ({
    outcome: 'back-up-routine',
    way: 'text-thread',
    was: 'completed',
    reason: 'wrong-entry',
  }),
  'meeting.take-over': () => ({ from: 'clinician-1', to: 'clinician-2', reason: 'absent' }),
  'meeting.confirm-readiness': () => ({
    moment: 'before-opening',
    room: true,
    background: true,
    clothing: true,
    nameBadge: true,
  }),
  'meeting.note-try': ({ participantId }) => ({ participantId, receivedAt: inMs(0) }),
  'invoice.approve': () => ({ payer: 'patient' }),
  'invoice.waive': () => ({ reason: 'goodwill' }),
  'invoice.answer': () => ({ to: 'basis', accepted: true }),
  'invoice.credit': () => ({ reason: 'clinic-mistake' }),
  'case.open': ({ personId }) => ({
    patientId: personId,
    guardianIds: [],
    subject: 'Uppföljning',
    text: 'Hur går det?\nSkicka gärna en bild.',
    assignTo: 'clinician-1',
  }),
  'case.write': () => ({ text: 'Det ser bra ut.', fileIds: [], asksForMore: false }),
  'case.assign': () => ({ staffId: 'clinician-1', from: 'clinician-1' }),
  'case.document': () => ({ contactOn: dayInStockholm(inMs(0)), picturesHandled: false }),
  'meeting.write-chat': () => ({ text: 'Hör du mig?', fileIds: [], asksForMore: false }),
  // References are each one's own at a clinic.
  'staff.add': () => memberBody(`new-${randomId()}`),
  'staff.change': ({ memberId }) => memberBody(`of-${memberId}`),
  'task.assign': () => ({ staffId: 'clinician-1', from: null }),
  'task.finish': () => ({ result: 'reached' }),
  'webhook.set': () => ({ url: 'https://pas.example.org/vardmote' }),
  'webhook.rotate-secret': () => ({ oldSecretHours: 24 }),
  'event.replay': () => ({ from: inMs(-DAY), until: inMs(0) }),
};

/** The next day, or the last one, on which Stockholm's clocks change in that month. */
export function clockChange(
  month: 3 | 10,
  which: 'next' | 'last' = 'next',
): { year: string; month: string; day: string } {
  const now = inStockholm(new Date());
  const all = [now.year - 1, now.year, now.year + 1]
    .map((year) => now.set({ year, month, day: 31 }))
    .map((last) => last.minus({ days: last.weekday % 7 }));
  const day =
    which === 'next'
      ? all.find((sunday) => sunday > now.plus({ days: 2 }))!
      : all.findLast((sunday) => sunday < now.minus({ days: 2 }))!;
  return { year: day.toFormat('yyyy'), month: String(month), day: day.toFormat('d') };
}
