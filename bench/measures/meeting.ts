import { inStockholm } from '../../rules/calendar/stockholm';
import { invoiceWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import type { Bench } from '../bench';
import type { Figures, WorkflowFigures } from '../figures';
import { rounded } from '../numbers';
import { openBareStand } from '../stand/bare-stand';
import { openSkippedStand } from '../stand/skipped-stand';
import { billableActions, totalOf } from './actions';
import { endedHistory, sizeOf, type RawHistory } from './history';
import { thirtyMinuteClinic, walkMeeting } from './walk-meeting';

/**
 * Events, bytes and billable actions of one complete meeting of thirty minutes, and of its invoice: one that
 * is approved, and one that is let through. Beside those of one bare loop.
 */
export async function measureMeeting(bench: Bench): Promise<Figures['meeting']> {
  const bare = figuresOf(await bareHistory(bench));
  const stand = await openSkippedStand(bench, 'meeting', { clinic: thirtyMinuteClinic });
  try {
    const tomorrow = inStockholm(await stand.now())
      .startOf('day')
      .plus({ days: 1 });
    const historyOf = async (workflowId: string): Promise<WorkflowFigures> =>
      figuresOf(await endedHistory(stand.client, workflowId));
    const approvedId = await walkMeeting(bench.settings, stand, tomorrow, 'approved');
    // After the first one's day; what comes of it is not in this one's history.
    const letThroughId = await walkMeeting(
      bench.settings,
      stand,
      tomorrow.plus({ days: 7 }),
      'let-through',
    );
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
    await stand.close();
  }
}

async function bareHistory(bench: Bench): Promise<RawHistory> {
  const bare = await openBareStand(bench, 'meeting-bare');
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

const sumOf = (one: WorkflowFigures, other: WorkflowFigures) => ({
  events: one.events + other.events,
  bytes: one.bytes + other.bytes,
  billable: one.billable + other.billable,
});
