import type { Bench } from '../bench';
import { times } from '../load/load';
import { REMINDER_MINUTES_BEFORE } from '../stand/clinic-settings';
import { addPatients } from '../stand/patients';
import type { Arrival } from '../stand/provider';
import { bookingOf, openServiceStand } from '../stand/service-stand';
import { until } from '../waiting';
import { preparedInTime } from './in-time';
import type { DueAtOnce } from './lateness-of';

/** At the least so many meetings are booked and told of in a second; slower machines get a second try with more time. */
const BOOKINGS_PER_SECOND = 6;

/** The service: so many booked meetings, of which each has a reminder due at the same instant, and told of their booking before. */
export async function serviceReminders(bench: Bench): Promise<DueAtOnce> {
  const { sizes, provider } = bench;
  const { reminders: count } = sizes;
  const service = await openServiceStand(bench, 'lateness');
  try {
    const patients = await addPatients(service.records, service.clinicId, count);
    let booked = 0;
    const dueAt = await preparedInTime((count / BOOKINGS_PER_SECOND) * 1_000, async (due) => {
      const startAt = new Date(due + REMINDER_MINUTES_BEFORE * 60_000);
      await times(count, async (number) => {
        await service.call('POST', '/clinic/meetings', bookingOf(patients[number]!, startAt));
      });
      booked += count;
      await until('the notices of the bookings', async () => (await service.settledMeetings()) === booked);
      await service.worker.ask('quiet');
      provider.arrivals.length = 0;
    });
    await until('the reminders', () => provider.arrivals.length >= count);
    await service.worker.ask('quiet');
    return { dueAt, arrivals: [...provider.arrivals], idOf: linkOf };
  } finally {
    await service.close();
  }
}

/** The link in a notice is its recipient's own. */
const linkOf = ({ message }: Arrival): string => /https?:\/\/\S+/.exec(message)?.[0] ?? message;
