import { inStockholm } from '../../rules/calendar/stockholm';
import { invoiceWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import type { Bench } from '../bench';
import type { Figures, WorkflowFigures } from '../figures';
import { rounded, sum } from '../numbers';
import { openBareRig } from '../rig/bare-rig';
import { openSkippedRig } from '../rig/skipped-rig';
import { billableActions, totalOf } from './actions';
import { endedHistory, sizeOf, type HistorySize, type RawHistory } from './history';
import { thirtyMinuteClinic, walkMeeting } from './walk-meeting';

/**
 * Events, bytes and billable actions of one complete meeting of thirty minutes, and of its invoice: one that
 * is approved, and one that is let through. Beside those of one bare loop.
 */
export async function measureMeeting(bench: Bench): Promise<Figures['meeting']> {
  const bare = figuresOf(await bareHistory(bench));
  const rig = await openSkippedRig(bench, 'meeting', { clinic: thirtyMinuteClinic });
  try {
    const skipped = sizeOf(await bareHistory({ ...bench, settings: rig.settings }));
    const historyOf = async (workflowId: string): Promise<WorkflowFigures> =>
      asIfNotSkipped(figuresOf(await endedHistory(rig.client, workflowId)), bare, skipped);
    const tomorrow = inStockholm(await rig.now())
      .startOf('day')
      .plus({ days: 1 });
    const approvedId = await walkMeeting(rig, tomorrow, 'approved');
    // In another week: what comes of the first one is over by then.
    const letThroughId = await walkMeeting(rig, tomorrow.plus({ weeks: 1 }), 'let-through');
    const meeting = await historyOf(meetingWorkflowId(approvedId));
    const approved = await historyOf(invoiceWorkflowId(approvedId, 1));
    const letThrough = await historyOf(invoiceWorkflowId(letThroughId, 1));
    const together = {
      approved: sumOf(meeting, approved),
      letThrough: sumOf(await historyOf(meetingWorkflowId(letThroughId)), letThrough),
    };
    const { events, bytes, billable } = together.approved;
    return {
      meeting,
      approved,
      letThrough,
      bare,
      together,
      ratios: {
        events: rounded(events / bare.events, 2),
        bytes: rounded(bytes / bare.bytes, 2),
        billable: rounded(billable / bare.billable, 2),
      },
    };
  } finally {
    await rig.close();
  }
}

async function bareHistory(bench: Bench): Promise<RawHistory> {
  const bare = await openBareRig(bench, 'meeting-bare');
  try {
    return await endedHistory(bare.client, await bare.start(Date.now() + 1_000));
  } finally {
    await bare.close();
  }
}

function figuresOf(history: RawHistory): WorkflowFigures {
  const actions = billableActions(history);
  return { ...sizeOf(history), billable: totalOf(actions), billableByKind: actions };
}

/**
 * The server that skips time writes the same events and leaves out what a real one notes in some of them for
 * itself, such as the sizes of a workflow task. That is added, as the bare loop shows it on both servers.
 */
function asIfNotSkipped(figures: WorkflowFigures, real: HistorySize, skipped: HistorySize): WorkflowFigures {
  const each = ({ byType, bytesByType }: HistorySize, type: string): number =>
    (bytesByType[type] ?? 0) / (byType[type] ?? 1);
  const bytesByType = Object.fromEntries(
    Object.entries(figures.bytesByType).map(([type, bytes]) => {
      // A start carries its own input, and a result is the workflow's own.
      const more = OWN.test(type) ? each(real, type) - each(skipped, type) : 0;
      return [type, Math.round(bytes + more * (figures.byType[type] ?? 0))];
    }),
  );
  const added = sum(Object.values(bytesByType)) - sum(Object.values(figures.bytesByType));
  return { ...figures, bytesByType, bytes: figures.bytes + added };
}

/** What a server writes of itself in every workflow alike. */
const OWN = /^(WORKFLOW_TASK|ACTIVITY_TASK_STARTED|TIMER)/;

const sumOf = (one: WorkflowFigures, other: WorkflowFigures) => ({
  events: one.events + other.events,
  bytes: one.bytes + other.bytes,
  billable: one.billable + other.billable,
});
