import type { Bench } from '../bench';
import type { Figures } from '../figures';
import { times } from '../load/load';
import { median, rounded } from '../numbers';
import { say } from '../say';
import { openBareRig } from '../rig/bare-rig';
import { addPatients } from '../rig/patients';
import { bookingOf, openServiceRig } from '../rig/service-rig';
import { until } from '../waiting';

const DAY_MS = 86_400_000;

/**
 * Bookings a second over HTTP, each answered when its meeting is stored and its workflow has started, beside
 * the bare loop's starts a second. The rounds take turns, so that a busy moment of the machine hits both.
 */
export async function measureBookings(bench: Bench): Promise<Figures['bookings']> {
  const { rounds, count } = bench.sizes.bookings;
  const service = await openServiceRig(bench, 'bookings');
  const bare = await openBareRig(bench, 'bookings-bare');
  const bookings: number[] = [];
  const settled: number[] = [];
  const starts: number[] = [];
  try {
    const patients = await addPatients(service.records, service.clinicId, rounds * count);
    for (let round = 0; round < rounds; round += 1) {
      starts.push(await times(count, () => bare.start(Date.now() + DAY_MS)));
      await bare.worker.ask('quiet');
      const began = performance.now();
      bookings.push(
        await times(count, async (number) => {
          const patientId = patients[round * count + number]!;
          const startAt = new Date(Date.now() + 7 * DAY_MS);
          await service.call('POST', '/clinic/meetings', bookingOf(patientId, startAt));
        }),
      );
      await until(
        'the notices of the bookings',
        async () => (await service.settledMeetings()) === (round + 1) * count,
      );
      settled.push(count / ((performance.now() - began) / 1_000));
      const figuresOfRound = [bookings, settled, starts].map((each) => rounded(each.at(-1) ?? 0, 1));
      say(`  bookings/s, with SMS, bare starts/s: ${figuresOfRound.join(', ')}`);
    }
  } finally {
    await service.close();
    await bare.close();
  }
  const [perSecond, barePerSecond] = [median(bookings), median(starts)];
  return {
    perSecond: rounded(perSecond, 1),
    bareStartsPerSecond: rounded(barePerSecond, 1),
    ratio: rounded(perSecond / barePerSecond, 3),
    withNoticePerSecond: rounded(median(settled), 1),
    rounds,
    countPerRound: count,
  };
}
