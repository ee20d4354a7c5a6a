import type { Bench } from '../bench';
import type { Figures } from '../figures';
import { times } from '../load/load';
import { percentile, rounded } from '../numbers';
import { say } from '../say';
import { reminderBefore } from '../../local/made-up-clinic';
import { clinicSettings, STAFF_ID } from '../rig/clinic-settings';
import type { ServiceRig } from '../rig/service-rig';
import { pause, until, untilInstant } from '../waiting';
import { handOversOf, type HandOvers } from './full-hour-rows';
import { preparedInTime } from './in-time';
import { openMeetings } from './open-meetings';

const MEETINGS_PER_SECOND = 8;
const FAR_AHEAD_MS = 7 * 86_400_000;
/** Those far ahead are booked so long before the door opens, so that their messages stand in the queue first. */
const FAR_BEFORE_MS = 5_000;
const TRY_AGAIN_MS = 100;
const DOOR_PATIENCE_MS = 60_000;

/**
 * Many meetings at one time and a provider that takes less than all of it: their doors open at one instant
 * with a message each, some are cancelled while the queue is full, and at the start all get another message.
 * What is nearest and what is cancelled goes first, what has expired takes no slot, and no door waits.
 */
export async function measureFullHour(bench: Bench): Promise<Figures['fullHour']> {
  const { meetings, cancelled, far, smsPerMinute, usefulSeconds } = bench.sizes.fullHour;
  const perSecond = smsPerMinute / 60;
  const usefulMinutes = usefulSeconds / 60;
  const clinic = {
    doorOpensMinutesBefore: usefulMinutes,
    noticeRules: {
      reminders: {
        // Past when it is booked.
        morning: clinicSettings.noticeRules.reminders.morning,
        soon: reminderBefore(usefulMinutes),
        start: reminderBefore(0, usefulMinutes / 2),
      },
      quietHours: null,
    },
  };
  const open = async (name: string) => {
    const rig = await openMeetings(bench, name, { patients: meetings + far, clinic, smsPerMinute });
    let meetingIds: string[] = [];
    return {
      ...rig,
      ids: () => meetingIds,
      async prepare(doorAt: number) {
        meetingIds = await rig.open(meetings, new Date(doorAt + usefulSeconds * 1_000));
        await until(
          'the notices of the bookings',
          async () => (await rig.service.settledMeetings()) === meetings,
        );
      },
    };
  };
  const expectedMs = (meetings / MEETINGS_PER_SECOND + meetings / perSecond) * 1_000 + FAR_BEFORE_MS;
  const { rig, dueAt: doorAt } = await preparedInTime(expectedMs, open, 'full-hour');
  const startAt = doorAt + usefulSeconds * 1_000;
  const endsAt = startAt + usefulSeconds * 500;
  try {
    await untilInstant(doorAt - FAR_BEFORE_MS);
    const farOpened = rig.open(far, new Date(doorAt + FAR_AHEAD_MS));
    const ids = rig.ids();
    const doors = openDoors(rig.service, ids.slice(0, bench.sizes.fullHour.doors), doorAt);
    await untilInstant(doorAt + usefulSeconds * 200);
    const cancelledAt = await cancel(rig.service, ids.slice(-cancelled));
    const late = await doors;
    const farIds = await farOpened;
    await untilInstant(endsAt);
    // What was taken in time is noted a moment later.
    await rig.worker.ask('quiet');
    const rows: HandOvers = await handOversOf(rig.service, { cancelledAt, farIds, doorAt });
    const figures = {
      meetings,
      smsPerMinute,
      usefulSeconds,
      doors: { tried: late.length, p50Ms: percentile(late, 0.5), mostMs: percentile(late, 1) },
      ...rows,
      slotsUsed: rounded(rows.handedOver / (((endsAt - doorAt) / 1_000) * perSecond), 3),
    };
    say(`  ${JSON.stringify(figures)}`);
    return figures;
  } finally {
    await rig.close();
  }
}

interface ShownMeeting {
  participants: { role: string; participantId: string }[];
}

/** Staff stand at each door from the instant on. @returns how late each was let in, in milliseconds */
async function openDoors(service: ServiceRig, meetingIds: string[], doorAt: number): Promise<number[]> {
  return Promise.all(
    meetingIds.map(async (meetingId) => {
      const path = `/clinic/meetings/${meetingId}`;
      const { participants } = await service.call<ShownMeeting>('GET', path);
      const participantId = participants.find(({ role }) => role === 'staff')?.participantId;
      await untilInstant(doorAt);
      while (Date.now() < doorAt + DOOR_PATIENCE_MS) {
        const { admitted } = await service.call<{ admitted: boolean }>('POST', `${path}/entry`, {
          participantId,
          identityChecked: 'known-to-staff',
        });
        if (admitted) return Date.now() - doorAt;
        await pause(TRY_AGAIN_MS);
      }
      throw new Error(`a door for ${STAFF_ID} stayed shut for a minute`);
    }),
  );
}

/** @returns when each cancellation was answered, in milliseconds since 1970 */
async function cancel(service: ServiceRig, meetingIds: string[]): Promise<Map<string, number>> {
  const answeredAt = new Map<string, number>();
  await times(meetingIds.length, async (number) => {
    const meetingId = meetingIds[number]!;
    await service.call('POST', `/clinic/meetings/${meetingId}/cancel`, { by: 'clinic' });
    answeredAt.set(meetingId, Date.now());
  });
  return answeredAt;
}
