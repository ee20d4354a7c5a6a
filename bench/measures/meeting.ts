import { invoiceWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import type { Bench } from '../bench';
import type { Figures, WorkflowFigures } from '../figures';
import { rounded } from '../numbers';
import { say } from '../say';
import { openBareRig } from '../rig/bare-rig';
import { openServiceRig } from '../rig/service-rig';
import { billableActions, totalOf } from './actions';
import { bytesByType, endedHistory, sizeOf, type RawHistory } from './history';
import { quickClinic, walkMeeting } from './walk-meeting';

const MOST_TRIES = 4;

/**
 * Events, bytes and billable actions of one complete meeting and of its invoice, beside those of one bare
 * loop.
 */
export async function measureMeeting(bench: Bench): Promise<Figures['meeting']> {
  const bare = figuresOf(await bareHistory(bench));
  const service = await openServiceRig(bench, 'meeting', { clinic: quickClinic });
  try {
    const meetingId = await completed(() => walkMeeting(bench, service));
    const meeting = figuresOf(await endedHistory(service.client, meetingWorkflowId(meetingId)));
    const invoice = figuresOf(await endedHistory(service.client, invoiceWorkflowId(meetingId, 1)));
    const events = meeting.events + invoice.events;
    const bytes = meeting.bytes + invoice.bytes;
    const billable = meeting.billable + invoice.billable;
    return {
      meeting,
      invoice,
      bare,
      together: { events, bytes, billable },
      ratios: {
        events: rounded(events / bare.events, 2),
        bytes: rounded(bytes / bare.bytes, 2),
        billable: rounded(billable / bare.billable, 2),
      },
    };
  } finally {
    await service.close();
  }
}

async function completed(walk: () => Promise<string | null>): Promise<string> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const meetingId = await walk();
    if (meetingId) return meetingId;
    say('  … the machine was too busy for a meeting of seconds: once more');
  }
  throw new Error('no meeting came to its end as completed');
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
  return {
    ...sizeOf(history),
    bytesByType: bytesByType(history),
    billable: totalOf(actions),
    billableByKind: actions,
  };
}
