import { compareAfterRestore } from '../../../use-cases/restore/meetings';
import type { Compared } from '../../../use-cases/restore/compared';
import { systemClock } from '../../../rules/clock';
import { defaultNoticeRules } from '../../../rules/notices';
import { caseWorkflowId } from '../../../temporal/ids';
import { attributeKeys } from '../../../workflows/shared/search-attributes';
import { openDatabase, type RawDatabase } from '../../api/helpers';
import { openCase, patientWrites, type TestCase } from '../../support/cases';
import { createClinic, type TestClinic } from '../../support/clinic';
import { testKeys } from '../../support/keys';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/**
 * Message cases and their workflows after a restore of one of them: brought together again, and nothing
 * counted that is not there.
 */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  raw = await openDatabase(service);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const compare = (temporalAsOf: Date | null = null): Promise<Compared> => {
  const { records, temporal } = service;
  const deps = { records, temporal, clock: systemClock, roomKey: testKeys.roomKey };
  return compareAfterRestore(deps, { temporalAsOf });
};
const write = async (of: TestCase, text: string): Promise<void> =>
  expect((await patientWrites(service, systemClock, clinic, of, text)).status).toBe(201);
const courseOf = async ({ caseId }: TestCase) => (await service.records.cases.get(caseId)).course;
const rows = (of: TestCase) => raw.db.collection('cases').findOne({ _id: of.caseId as never });

/** A case whose notice has come to its end, so that nothing moves while a test sets it back. */
async function restingCase(): Promise<TestCase> {
  const of = await openCase(clinic, await clinic.addPatient());
  await waitUntil(
    () => service.temporal.caseStatus(of.caseId),
    ({ notices }) => notices.length === 0,
  );
  return of;
}

it('a record that is behind its workflow catches up, and what was written and is gone is told', async () => {
  const of = await restingCase();
  const before = await rows(of);
  await write(of, 'Det kliar.');
  // It has come to rest: nothing of it saves the record by itself any more.
  const workflow = service.client.workflow.getHandle(caseWorkflowId(of.caseId));
  await waitUntil(
    async () => (await workflow.describe()).typedSearchAttributes.get(attributeKeys.state),
    (state) => state === 'waiting-for-reply',
  );
  await raw.db.collection('messages').deleteOne({ threadId: of.caseId, number: 2 });
  await raw.db.collection('tasks').deleteMany({ caseId: of.caseId });
  await raw.db.collection('cases').replaceOne({ _id: of.caseId as never }, before!);

  const compared = await compare();
  expect([compared.caughtUp, compared.messagesLost, compared.orphans]).toEqual([
    [of.caseId],
    [of.caseId],
    [],
  ]);
  expect(await courseOf(of)).toMatchObject({
    state: 'waiting-for-reply',
    messages: { patientSide: 1, staff: 1 },
  });
  expect(
    (await service.records.tasks.ofCase(of.caseId)).map(({ kind, state }) => `${kind} ${state}`),
  ).toEqual(['reply-due open']);
  // Done again, it finds it done.
  expect((await compare()).caughtUp).toEqual([]);
});

it('a workflow that is gone goes on from the record, and takes what is written', async () => {
  const of = await restingCase();
  await write(of, 'Det kliar.');
  await service.client.workflow.getHandle(caseWorkflowId(of.caseId)).terminate('by mistake');
  const compared = await compare();
  expect(compared.started).toEqual([of.caseId]);
  const { clock } = await courseOf(of);
  await write(of, 'Fortfarande.');
  // The same clock runs on.
  expect((await service.temporal.caseStatus(of.caseId)).clock).toMatchObject({
    number: 1,
    deadlineAt: clock!.deadlineAt,
  });
  expect(await courseOf(of)).toMatchObject({ messages: { patientSide: 2, staff: 1 } });
  expect((await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Kom in.' } })).status).toBe(201);
  expect(await courseOf(of)).toMatchObject({ state: 'answered', clock: null });
});

it('a workflow that is older than its record is started again from it', async () => {
  const of = await restingCase();
  const { clinicId, openedAt, course } = await service.records.cases.get(of.caseId);
  await write(of, 'Det kliar.');
  const newest = await courseOf(of);
  await service.client.workflow.getHandle(caseWorkflowId(of.caseId)).terminate('put back');
  await service.temporal.startCaseAgain({
    caseId: of.caseId,
    clinicId,
    openedAt,
    begin: {
      by: 'earlier-run',
      snapshot: course,
      recent: [],
      savedVersion: course.version,
      savedHappening: course.happened,
    },
  });
  expect((await compare(new Date(openedAt))).started).toContain(of.caseId);
  const status = await service.temporal.caseStatus(of.caseId);
  expect(status).toMatchObject({ state: 'waiting-for-reply', messages: newest.messages });
  expect(status.clock).toMatchObject({ deadlineAt: newest.clock!.deadlineAt });
});

describe('R6.1 what was written to an older workflow, or between its backup and the restore', () => {
  /** Asked, answered in the newest record; its workflow is from before both, and the patient writes again. */
  async function writtenToOlder(ahead: 'the record' | 'the workflow') {
    const of = await restingCase();
    const { clinicId, openedAt, course } = await service.records.cases.get(of.caseId);
    await write(of, 'Det kliar.');
    expect((await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Kom in.' } })).status).toBe(
      201,
    );
    await service.client.workflow.getHandle(caseWorkflowId(of.caseId)).terminate('put back');
    const { version } = await courseOf(of);
    const behind = ahead === 'the record' ? course : { ...course, version: version + 1 };
    if (ahead === 'the record')
      await raw.db
        .collection('cases')
        .updateOne({ _id: of.caseId as never }, { $set: { 'course.version': version + 1_000_000 } });
    await service.temporal.startCaseAgain({
      caseId: of.caseId,
      clinicId,
      openedAt,
      begin: {
        by: 'earlier-run',
        snapshot: behind,
        recent: [],
        savedVersion: behind.version,
        savedHappening: behind.happened,
      },
    });
    await write(of, 'Det blev värre.');
    return of;
  }
  const tasksOf = async ({ caseId }: TestCase): Promise<string[]> =>
    (await service.records.tasks.ofCase(caseId)).map(({ kind, state }) => `${kind} ${state}`).sort();

  it.each(['the record', 'the workflow'] as const)(
    'runs its clock and is a task, each message once, where %s is ahead',
    async (ahead) => {
      const of = await writtenToOlder(ahead);
      const asOf = new Date((await service.records.cases.get(of.caseId)).openedAt);
      const compared = await compare(asOf);
      expect(compared.started.includes(of.caseId)).toBe(ahead === 'the record');
      expect(compared.refused).toEqual([]);
      const messages = await service.records.messages.list(of.caseId, 0, 10);
      const status = await service.temporal.caseStatus(of.caseId);
      expect(status).toMatchObject({
        state: 'waiting-for-reply',
        messages: { patientSide: 2, staff: 2 },
        clock: { arrivedAt: messages.at(-1)!.receivedAt, breachedAt: null },
      });
      await waitUntil(
        () => courseOf(of),
        ({ version }) => version === status.version,
      );
      expect(await tasksOf(of)).toContain('reply-due open');
      // Done again, nothing is told twice.
      await compare(asOf);
      expect((await service.temporal.caseStatus(of.caseId)).messages).toEqual({ patientSide: 2, staff: 2 });
    },
  );
});

it('a workflow whose case is gone is ended', async () => {
  const of = await restingCase();
  await raw.db.collection('cases').deleteOne({ _id: of.caseId as never });
  await waitUntil(
    () => compare(),
    ({ orphans }) => orphans.includes(of.caseId),
  );
  const { status } = await service.client.workflow.getHandle(caseWorkflowId(of.caseId)).describe();
  expect(status.name).toBe('TERMINATED');
  // What is listed can be a moment old: ended already, it is ended.
  await service.temporal.endCase(of.caseId, 'once more');
});
