import type { Bench } from '../bench';
import { cpuRatio, perOperation, withCpu } from '../cpu';
import type { Figures, Rate } from '../figures';
import { times } from '../load/load';
import { createRounds } from '../load/rounds';
import { rounded } from '../numbers';
import { say } from '../say';
import { openBareRig } from '../rig/bare-rig';
import { whoseNoticesWait } from '../rig/clinic-settings';
import { openFloorRig } from '../rig/floor-rig';
import { addPatients } from '../rig/patients';
import { bookingOf, openServiceRig, type ServiceRig } from '../rig/service-rig';
import { until } from '../waiting';

const DAY_MS = 86_400_000;

/**
 * Bookings a second over HTTP, each answered when its meeting is stored and its workflow has started, beside
 * bare starts and the honest floor. Their notices are not due meanwhile. The rounds take turns, so that a
 * busy moment of the machine hits all three. Bookings with their SMS are measured after that.
 */
export async function measureBookings(bench: Bench): Promise<Figures['bookings']> {
  const sizes = bench.sizes.bookings;
  const { count } = sizes;
  const service = await openServiceRig(bench, 'bookings', { clinic: whoseNoticesWait() });
  const bare = await openBareRig(bench, 'bookings-bare');
  const floor = await openFloorRig(bench, 'bookings-floor');
  const rounds = {
    service: createRounds(service.pids),
    bare: createRounds(bare.pids),
    floor: createRounds(floor.pids),
  };
  const inADay = (): number => Date.now() + DAY_MS;
  try {
    const patients = await addPatients(service.records, service.clinicId, sizes.rounds * count);
    for (let round = 0; round < sizes.rounds; round += 1) {
      await rounds.bare.round(
        () => times(count, () => bare.start(inADay())),
        () => bare.worker.ask('quiet'),
      );
      await rounds.floor.round(
        () => times(count, () => floor.book(inADay())),
        () => floor.worker.ask('quiet'),
      );
      await rounds.service.round(
        () => times(count, (number) => book(service, patients[round * count + number]!)),
        () => service.worker.ask('quiet'),
      );
      const { service: ours, floor: least, bare: starts } = rounds;
      say(
        `  bookings/s, floor/s, bare starts/s: ${[ours, least, starts].map((each) => each.lastPerSecond).join(', ')}`,
      );
    }
  } finally {
    await service.close();
    await floor.close();
    await bare.close();
  }
  const [ours, bareRate, floorRate] = [rounds.service.result(), rounds.bare.result(), rounds.floor.result()];
  return {
    rounds: sizes.rounds,
    countPerRound: count,
    service: ours,
    bare: bareRate,
    floor: floorRate,
    ratioToBare: rounded(ours.perSecond / bareRate.perSecond, 3),
    ratioToFloor: rounded(ours.perSecond / floorRate.perSecond, 3),
    cpuRatioToBare: cpuRatio(ours.cpu, bareRate.cpu),
    cpuRatioToFloor: cpuRatio(ours.cpu, floorRate.cpu),
    withNotice: await withNotices(bench),
  };
}

/** Each with its SMS, until that was handed to the provider and noted. */
async function withNotices(bench: Bench): Promise<Rate> {
  const { count } = bench.sizes.bookings;
  const service = await openServiceRig(bench, 'bookings-sms');
  try {
    const patients = await addPatients(service.records, service.clinicId, count);
    const began = performance.now();
    const { cpu } = await withCpu(service.pids, async () => {
      await times(count, (number) => book(service, patients[number]!));
      await until('the notices of the bookings', async () => (await service.settledMeetings()) === count);
    });
    const perSecond = count / ((performance.now() - began) / 1_000);
    return { perSecond: rounded(perSecond, 1), cpu: perOperation(cpu, count) };
  } finally {
    await service.close();
  }
}

const book = (service: ServiceRig, patientId: string): Promise<unknown> =>
  service.call('POST', '/clinic/meetings', bookingOf(patientId, new Date(Date.now() + 7 * DAY_MS)));
