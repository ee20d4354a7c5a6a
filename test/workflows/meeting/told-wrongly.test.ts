import { chargeDetails } from '../../../workflows/invoice/details';
import type { ChargeSnapshot } from '../../../workflows/invoice/messages';
import { MeetingAdminView } from '../../../workflows/meeting/admin-view';
import { meetingDetails } from '../../../workflows/meeting/details';
import type { MeetingInput, MeetingSnapshot } from '../../../workflows/meeting/messages';
import { meetingAbout } from '../../../temporal/ui-metadata';
import { workflowLines } from '../../../ops/explanation-lines';
import { readyQueries } from '../../../temporal/web-ui';
import type { WaitCause } from '../../../rules/late';
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
const SAVED = '2026-11-23T09:00:00.000Z';
const linesOf = (part: Partial<WorkflowLook>, happenedLastAt = SAVED): string =>
  workflowLines({ workflow: look(part), happenedLastAt, decodes: [], commandWaits: false, link: null }, [
    { at: SAVED },
  ]).join('\n');

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
  for (const activity of ['giveNotice', 'handOver']) {
    const refused = linesOf({ pending: [{ activity, attempt: 7 }] });
    expect(refused).toContain('the provider or the mail server does not take it');
    expect(refused).not.toContain('behind');
  }
});

it('F7 a database that does not take what happened is behind; one that has it all is not', () => {
  for (const activity of ['saveMeeting', 'saveCase', 'saveSnapshot'])
    expect(linesOf({ pending: [{ activity, attempt: 7 }] })).toContain('the database is behind');
  const later = '2026-11-23T09:05:00.000Z';
  expect(linesOf({}, later)).toContain('the database is behind');
  // The save is under way.
  expect(linesOf({ pending: [{ activity: 'saveMeeting', attempt: 1 }] }, later)).not.toContain('behind');
  expect(linesOf({})).not.toContain('behind');
});

it('F7 a notice that is late or refused is in the list of what is late', () => {
  const at = '2026-11-23T09:00:00.000Z';
  const trouble = (part: { reason: string | null; late?: true; waits?: WaitCause }) =>
    troubleOf([{ state: 'planned', at, ...part }]).states;
  expect(trouble({ reason: 'http-429' })).toEqual(['refused']);
  expect(trouble({ reason: null, late: true })).toEqual(['late']);
  expect(trouble({ reason: null })).toEqual([]);
  expect(trouble({ reason: null, waits: 'overdue' })).toEqual(['overdue']);
  expect(trouble({ reason: null, waits: 'overdue', late: true })).toEqual(['late']);
  // They wait for a good reason, and that is told.
  for (const waits of ['rate', 'quiet-hours'] as const) {
    expect(trouble({ reason: null, waits })).toEqual([]);
    expect(deliveryHelp('planned', null, waits)).toContain('it waits for');
  }
  expect(deliveryHelp('planned', 'operator-tries-again')).toBeNull();
  const late = readyQueries(new Date(at)).find(({ name }) => name === 'late')!;
  expect(late.query).toContain('SmsTrouble IN ("late", "overdue", "refused")');
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

describe('F7 each time that administrators read in the Web UI names its zone', () => {
  /** Every time of day, with what follows it. */
  const timesIn = (text: string): string[] => text.match(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?( UTC)?/g) ?? [];
  const gates = { consentGiven: true, formsMissing: [] };
  const planned = {
    time: {
      doorOpensAt: '2026-11-23T23:15:00.000Z',
      startVersion: 1,
      startAt: '2026-11-23T23:30:00.000Z',
      endAt: '2026-11-24T00:00:00.000Z',
    },
    notices: [{ kind: 'booking', dueAt: '2026-11-20T11:00:05.000Z', lastUsefulAt: '', skip: null }],
  };
  it('in the details of a meeting, as it was booked and as it stands', () => {
    const input = {
      clinicId: 'clinic',
      meetingId: 'meeting',
      bookedAt: '2026-11-20T11:00:00.000Z',
      planned,
      gates,
    };
    const { staticSummary, staticDetails } = meetingAbout(input as unknown as MeetingInput);
    // The day is named where it is another in Stockholm.
    expect(staticSummary).toBe(
      'Care meeting booked for 2026-11-23 23:30 UTC (2026-11-24 00:30 in Stockholm)',
    );
    expect(staticDetails).toContain('booking 2026-11-20 11:00:05 UTC (12:00 in Stockholm)');
    const now = meetingDetails(
      {
        state: 'booked',
        time: planned.time,
        outcome: null,
        gates,
        waitingFor: [{ what: 'door', until: '2026-11-23T23:15:00.000Z' }],
        notices: [{ ...planned.notices[0], startVersion: 1, state: 'planned' }],
        happenings: [{ at: '2026-11-20T11:00:00.000Z', what: 'booked', startVersion: 1, detail: null }],
      } as unknown as MeetingSnapshot,
      new MeetingAdminView(),
    );
    expect(now).toContain('2026-11-23 23:30 UTC to 2026-11-24 00:00 UTC');
    const times = timesIn(now);
    expect(times).toHaveLength(5);
    expect(times.filter((time) => !time.endsWith(' UTC'))).toEqual([]);
  });
  it('in the details of invoices', () => {
    const at = '2026-11-25T11:00:00.000Z';
    const details = chargeDetails({
      invoices: [
        {
          state: 'proposed',
          cause: 'completed',
          letThroughAt: at,
          amountOre: 100,
          decision: { kind: 'visit', because: [] },
        },
      ],
      steps: [{ at, what: 'proposed', reason: null }],
      next: null,
    } as unknown as ChargeSnapshot);
    expect(timesIn(details)).toEqual(['2026-11-25 11:00 UTC', '2026-11-25 11:00 UTC']);
  });
});
