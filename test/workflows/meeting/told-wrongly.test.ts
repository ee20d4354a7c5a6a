import { workflowLines } from '../../../ops/explanation-lines';
import { readyQueries } from '../../../temporal/web-ui';
import { deliveryHelp, troubleOf } from '../../../workflows/shared/deliveries';
import { waitingWords } from '../../../workflows/meeting/words';
import type { WorkflowLook } from '../../../temporal/inspect';

/** F7: what administrators are told is what is so. */
const look = (part: Partial<WorkflowLook>): WorkflowLook => ({
  status: 'running',
  runId: 'run',
  events: 40,
  nextDueAt: null,
  pending: [],
  failedTasks: 0,
  taskTrouble: null,
  ...part,
});
const linesOf = (part: Partial<WorkflowLook>, ownVersion = 3): string =>
  workflowLines(
    { workflow: look(part), workflowVersion: 4, decodes: [], commandWaits: false, link: null },
    ownVersion,
  ).join('\n');

it('F7 a patient who has said no is not waited for', () => {
  const consent = { what: 'consent', until: null } as const;
  expect(waitingWords(consent, { consentRefused: true }).what).toContain('has said no');
  expect(waitingWords(consent, {}).what).not.toContain('said no');
});

it('F7 a frozen worker is told from code that fails', () => {
  expect(linesOf({ failedTasks: 2, taskTrouble: 'timed-out' })).toMatch(/did not answer, 2 times.*frozen/);
  expect(linesOf({ failedTasks: 2, taskTrouble: 'timed-out' })).not.toContain('replay');
  expect(linesOf({ failedTasks: 2, taskTrouble: 'failed' })).toMatch(/its code fails, 2 times.*replay/);
});

it('F7 a notice that the provider refuses is no database that is behind', () => {
  const refused = linesOf({ pending: [{ activity: 'handOver', attempt: 7 }] });
  expect(refused).toContain('the provider or the mail server does not take it');
  expect(refused).not.toContain('behind');
  expect(linesOf({ pending: [{ activity: 'saveSnapshot', attempt: 7 }] })).toContain(
    'the database is behind',
  );
});

it('F7 a notice that is late or refused is in the list of what is late', () => {
  const at = '2026-11-23T09:00:00.000Z';
  const trouble = (part: { reason: string | null; late?: true }) =>
    troubleOf([{ state: 'planned', at, ...part }]).states;
  expect(trouble({ reason: 'http-429' })).toEqual(['refused']);
  expect(trouble({ reason: null, late: true })).toEqual(['late']);
  expect(trouble({ reason: null })).toEqual([]);
  const late = readyQueries(new Date(at)).find(({ name }) => name === 'late')!;
  expect(late.query).toContain('SmsTrouble IN ("late", "refused")');
});

it('F7 a workflow that was terminated has a list, and says so', () => {
  const ended = readyQueries(new Date()).find(({ name }) => name === 'ended-by-force')!;
  expect(ended.query).toContain('"Terminated"');
  expect(linesOf({ status: 'terminated' })).toContain('nothing more comes by itself');
});

it('F7 what a delivery report says has failed is not told to come still', () => {
  expect(deliveryHelp('failed', 'delivery-report')).toContain('did not arrive');
  expect(deliveryHelp('failed', 'http-403')).not.toContain('did not arrive');
});
