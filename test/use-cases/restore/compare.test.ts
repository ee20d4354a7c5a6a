import { compareAfterRestore } from '../../../use-cases/restore/meetings';
import type { Compared } from '../../../use-cases/restore/compared';
import type { ChargeSnapshot } from '../../../workflows/invoice/messages';
import { invoiceWorkflowId, meetingWorkflowId } from '../../../temporal/ids';
import {
  billedFor,
  cancelledLate,
  completed,
  invoicesOf,
  issue,
  quietPatient,
  sendInvoice,
  statesOf,
  taskIn,
} from '../../api/clinic/after-meetings';
import { openDatabase, testClock, type RawDatabase } from '../../api/helpers';
import { createClinic, type TestClinic } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/**
 * What the comparison after a restore does for meetings that are over, and for invoices: each side is put
 * back by hand, as a restore leaves it.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;

beforeAll(async () => {
  service = await startService({ clock });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
  patientId = await quietPatient(clinic);
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

const compare = (): Promise<Compared> =>
  compareAfterRestore({ ...service, roomKey: testKeys.roomKey }, { temporalAsOf: null });
const nothingDone = { started: [], closed: [], caughtUp: [], invoicesStarted: [], orphans: [] };

const missed = () => cancelledLate(clinic, clock, { patientId });
const chargeOf = async (meetingId: string): Promise<ChargeSnapshot> =>
  (await service.records.charges.find(meetingId, 1))!.course;
const putBack = async (meetingId: string, course: ChargeSnapshot): Promise<void> => {
  await raw.db
    .collection('charges')
    .updateOne({ _id: `${meetingId}:1` as never }, { $set: { course: { ...course } } });
};
const workflowOf = (meetingId: string) => service.client.workflow.getHandle(invoiceWorkflowId(meetingId, 1));
const statusOf = async (meetingId: string) => (await workflowOf(meetingId).describe()).status.name;
const closed = (meetingId: string) =>
  waitUntil(
    async () => (await service.records.meetings.get(meetingId)).course.closed,
    (isClosed) => isClosed,
  );
/** Temporal lists what runs a moment later. */
const listed = (meetingId: string) =>
  waitUntil(
    () => service.temporal.runningInvoices(),
    (running) => running.some((each) => each.meetingId === meetingId),
  );

it('R5.8 an invoice whose record is older than its workflow catches up, though its meeting is over', async () => {
  const meeting = await missed();
  const { invoice, meetingId } = meeting;
  await closed(meetingId);
  const before = await chargeOf(meetingId);
  expect((await sendInvoice(clinic, invoice, 'approve', { body: {} })).status).toBe(200);
  await putBack(meetingId, before);
  expect(await statesOf(clinic, meeting)).toEqual(['proposed']);

  expect((await compare()).caughtUp).toEqual([meetingId]);
  expect(await statesOf(clinic, meeting)).toEqual(['handed-over']);
  // Billing has had it: it is the same event, under the same id.
  expect(await billedFor(service, clinic, meeting)).toEqual(['billing.basis 40000']);
  expect(await compare()).toMatchObject(nothingDone);
});

it('R5.8 an invoice that the record has lost altogether is found by its workflow', async () => {
  const meeting = await missed();
  const { meetingId } = meeting;
  await closed(meetingId);
  await listed(meetingId);
  await raw.db.collection('charges').deleteOne({ _id: `${meetingId}:1` as never });
  expect((await compare()).caughtUp).toEqual([meetingId]);
  expect(await statesOf(clinic, meeting)).toEqual(['proposed']);
});

it('R5.8 a workflow that is older than its record begins again with what the record says, and hands nothing over anew', async () => {
  const meeting = await missed();
  const { invoice, meetingId } = meeting;
  await closed(meetingId);
  const proposed = await chargeOf(meetingId);
  // As if staff had waived it after Temporal's back-up was taken.
  const waived = { at: clock.now().toISOString(), invoiceId: invoice.invoiceId, what: 'waived' as const };
  await putBack(meetingId, {
    ...proposed,
    version: proposed.version + 1,
    invoices: proposed.invoices.map((each) => ({ ...each, state: 'waived' })),
    steps: [...proposed.steps, { ...waived, reason: 'goodwill', commandId: 'lost' }],
  });
  await listed(meetingId);
  expect((await compare()).invoicesStarted).toEqual([meetingId]);
  await waitUntil(
    async () => (await service.temporal.chargeStatus(meetingId, 1))?.invoices[0]?.state,
    (state) => state === 'waived',
  );
  const answer = await sendInvoice(clinic, invoice, 'approve', { body: {} });
  expect([answer.status, answer.body.title]).toEqual([409, 'not-proposed']);
  expect(await billedFor(service, clinic, meeting)).toEqual([]);
  expect(await statesOf(clinic, meeting)).toEqual(['waived']);
});

it('an invoice’s workflow that was ended from outside is started again where something is waited for, and else not', async () => {
  const waiting = await missed();
  const atRest = await missed();
  await issue(clinic, atRest.invoice);
  for (const { meetingId } of [waiting, atRest]) await closed(meetingId);
  await workflowOf(waiting.meetingId).terminate('by mistake');
  const shown = await invoicesOf(clinic, waiting);
  expect((await compare()).invoicesStarted).toEqual([waiting.meetingId]);
  expect(await statusOf(waiting.meetingId)).toBe('RUNNING');
  expect(await invoicesOf(clinic, waiting)).toEqual(shown);
  expect(await compare()).toMatchObject(nothingDone);
});

it('R5.11, R5.1 a meeting that is over and has lost its workflow is closed by the record: staff register and correct all the same', async () => {
  const meeting = await completed(clinic, { patientId });
  const { meetingId, path } = meeting;
  // Nothing of its workflow is under way any more.
  await waitUntil(
    async () => (await service.records.meetings.get(meetingId)).course.happenings.map(({ what }) => what),
    (happened) => happened.includes('invoice-proposed'),
  );
  await service.client.workflow.getHandle(meetingWorkflowId(meetingId)).terminate('by mistake');
  // It had not come to the proposal.
  await workflowOf(meetingId).terminate('by mistake');
  await raw.db.collection('charges').deleteOne({ _id: `${meetingId}:1` as never });
  const registered = () => clinic.call('POST', `${path}/registration`);
  expect((await registered()).status).toBe(409);

  expect((await compare()).closed).toEqual([meetingId]);
  expect(await compare()).toMatchObject(nothingDone);
  expect(await statesOf(clinic, meeting)).toEqual(['proposed']);
  const { body } = await clinic.call('GET', path);
  expect(body).toMatchObject({ state: 'ended', outcome: { outcome: 'completed' }, waitingFor: [] });
  await taskIn(clinic, meeting, 'register-visit', 'open');
  expect((await registered()).status).toBe(200);
  await taskIn(clinic, meeting, 'register-visit', 'done');
});

it('workflows whose meeting is lost are ended, those of its invoices too', async () => {
  const { meetingId } = await missed();
  await closed(meetingId);
  await listed(meetingId);
  await raw.db.collection('meetings').deleteOne({ _id: meetingId as never });
  await raw.db.collection('charges').deleteOne({ _id: `${meetingId}:1` as never });
  expect((await compare()).orphans).toEqual([meetingId]);
  expect(await statusOf(meetingId)).toBe('TERMINATED');
});
