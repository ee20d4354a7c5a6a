import type { Bench } from '../bench';
import { REMINDER_MINUTES_BEFORE } from '../rig/clinic-settings';
import type { Arrival } from '../rig/provider';
import { arrived } from './arrived';
import { preparedInTime } from './in-time';
import type { DueAtOnce } from './lateness-of';
import { openMeetings } from './open-meetings';

/** At the least so many meetings are opened in a second; slower machines get a second try with more time. */
const MEETINGS_PER_SECOND = 8;

/**
 * The service: so many open meetings, each of another patient, of which each has a reminder due at the same
 * instant.
 */
export async function serviceReminders(bench: Bench): Promise<DueAtOnce> {
  const { sizes, provider } = bench;
  const { reminders: count } = sizes;
  const open = async (name: string) => {
    const meetings = await openMeetings(bench, name, { patients: count });
    return {
      ...meetings,
      async prepare(due: number) {
        await meetings.open(count, new Date(due + REMINDER_MINUTES_BEFORE * 60_000));
        await meetings.worker.ask('quiet');
      },
    };
  };
  const { rig, dueAt } = await preparedInTime((count / MEETINGS_PER_SECOND) * 1_000, open, 'lateness');
  try {
    const cpu = await arrived(provider, rig.service, count, dueAt);
    return { dueAt, cpu, arrivals: [...provider.arrivals], idOf: linkOf };
  } finally {
    await rig.close();
  }
}

/** The link in a notice is its recipient's own. */
export const linkOf = ({ message }: Arrival): string => /https?:\/\/\S+/.exec(message)?.[0] ?? message;
