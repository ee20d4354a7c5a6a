import type { WriteMessage } from '../../../use-cases/thread/bodies';
import { writeInCase } from '../../../use-cases/case/commands';
import { randomId } from '../../../platform/keys/random-id';
import type { Command } from '../../../records/commands';
import type { Actor } from '../../../rules/actor';
import { toInstant } from '../../../rules/instant';
import { TemporalUnavailable } from '../../../temporal/gateway';
import { CASE_WORKFLOW } from '../../../workflows/case/messages';
import { caseWorkflowId } from '../../../temporal/ids';
import { systemClock } from '../../../rules/clock';
import { openCase } from '../../support/cases';
import { createClinic } from '../../support/clinic';
import { keepHistory } from '../../support/histories';
import { testKeys } from '../../support/keys';
import { replayOwn } from '../../support/replays';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/**
 * A long case, with its workers restarted throughout: all in order, none lost or counted twice, each run's
 * history bounded.
 */
const MESSAGES = Number(process.env.MESSAGES ?? 1_000);
/** The workers are restarted each time that so many messages have been answered. */
const RESTART_AFTER = 160;
/**
 * Above what a run goes on anew from, what one round of messages adds. While somebody is being told, such as by a
 * worker that was stopped in the middle of it, a run grows to 2,000 (MOST_EVENTS_WHILE_TELLING).
 */
const MOST_EVENTS = 2_400;

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** Temporal was not there, or the workers were not. */
function noAnswer(error: unknown): null {
  if (error instanceof TemporalUnavailable) return null;
  throw error;
}

it(`R6.7 ${MESSAGES} messages, workers restarted: none lost, none twice, in the order of each who wrote`, async () => {
  const clinic = await createClinic(service);
  // Without a consent to SMS: notices are tested by themselves.
  const of = await openCase(clinic, await clinic.addPatient({}, false));
  // All at once, as from two browsers of each; each waits for the answer before writing again.
  const patient: Actor = { kind: 'patient', personId: of.patientId };
  const staff: Actor = { kind: 'staff', staffId: 'clinician-1', role: 'clinician' };
  const writers = [patient, staff, patient, staff];
  const { records, temporal } = service;
  const deps = { records, temporal, clock: systemClock, roomKey: testKeys.roomKey };
  let answered = 0;

  /** Beside the writers, each time that so many messages have been answered. */
  const restarts = (async (): Promise<number> => {
    let count = 0;
    while (answered < MESSAGES) {
      const next = Math.min(answered + RESTART_AFTER, MESSAGES);
      await waitUntil(
        () => answered,
        (all) => all >= next,
        120_000,
      );
      await service.stopWorkers();
      await service.startWorkers();
      count += 1;
    }
    return count;
  })();

  /**
   * Carries out a command until that has been done, as the reconciler does with what is stored: the same
   * command, the same message.
   */
  async function write(writer: number, number: number): Promise<void> {
    const command: Command & { body: WriteMessage } = {
      commandId: randomId(),
      clinicId: clinic.clinicId,
      operation: 'case.write',
      targetId: randomId(),
      actor: writers[writer]!,
      reason: null,
      params: { caseId: of.caseId },
      body: { text: `${writer}:${number}`, fileIds: [], asksForMore: false },
      receivedAt: toInstant(new Date()),
    };
    await waitUntil(
      () => writeInCase(deps, command).then(({ status }) => status, noAnswer),
      (status) => status === 201,
      120_000,
    );
    answered += 1;
  }
  const perWriter = MESSAGES / writers.length;
  await Promise.all(
    writers.map(async (_, writer) => {
      for (let number = 1; number <= perWriter; number += 1) await write(writer, number);
    }),
  );
  expect(await restarts).toBeGreaterThanOrEqual(Math.floor(MESSAGES / RESTART_AFTER / 2));

  const messages = [];
  for (let after: number | null = 0; after !== null;) {
    const { body } = await clinic.call('GET', `${of.path}/thread?after=${after}`);
    const part = body as { messages: { number: number; text: string }[]; next: number | null };
    messages.push(...part.messages);
    after = part.next;
  }
  // The first is the one that the case was opened with.
  expect(messages.map(({ number }) => number)).toEqual(
    Array.from({ length: MESSAGES + 1 }, (_, index) => index + 1),
  );
  const written = messages.slice(1).map(({ text }) => text.split(':').map(Number) as [number, number]);
  for (let writer = 0; writer < writers.length; writer += 1) {
    expect(written.filter(([by]) => by === writer).map(([, number]) => number)).toEqual(
      Array.from({ length: perWriter }, (_, index) => index + 1),
    );
  }

  // The workflow has counted each once, over all its runs; and so does its read model.
  const status = await service.temporal.caseStatus(of.caseId);
  expect(status.messages).toEqual({ patientSide: MESSAGES / 2, staff: MESSAGES / 2 + 1 });
  await waitUntil(
    async () => (await service.records.cases.get(of.caseId)).course.version,
    (version) => version >= status.version,
  );
  // What the clinic's system hears: each message once.
  const { items } = await service.records.events.list({
    clinicId: clinic.clinicId,
    from: null,
    until: null,
    state: null,
    cursor: null,
    limit: 100_000,
  });
  expect(items.filter(({ type }) => type === 'case.message')).toHaveLength(MESSAGES + 1);

  const runs: string[] = [];
  const workflowId = caseWorkflowId(of.caseId);
  const query = `WorkflowId = "${workflowId}" AND WorkflowType = "${CASE_WORKFLOW}"`;
  for await (const { runId } of service.client.workflow.list({ query })) runs.push(runId);
  expect(runs.length).toBeGreaterThan(MESSAGES / 600);
  for (const runId of runs) {
    const { events } = await service.client.workflow.getHandle(workflowId, runId).fetchHistory();
    expect(events?.length ?? 0).toBeLessThan(MOST_EVENTS);
  }
  // Of a short case, with MESSAGES=240: the last run of a long one is some megabytes.
  if (MESSAGES < 1_000) await keepHistory(service, 'case-gone-on', workflowId);
  expect(await replayOwn(service, 3)).toBe(Math.min(3, runs.length));
}, 400_000);
