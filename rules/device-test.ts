import { msOf, type Instant } from './instant';
import type { ParticipantRole } from './meeting';

/** What is tried on the page of the device test (R4.5). */
export const testedDevices = ['camera', 'microphone', 'sound'] as const;
export type TestedDevice = (typeof testedDevices)[number];

/** What a try came to; `not-tested` where there was none. */
export const deviceResults = ['works', 'fails', 'not-tested'] as const;
export type DeviceResult = (typeof deviceResults)[number];

/**
 * What the last device test of somebody came to. It has no names of devices, and nothing else that tells one
 * machine from another.
 */
export type DeviceTest = Record<TestedDevice, DeviceResult> & { testedAt: Instant };

/** The last device test of each who has made one, by the participant's id. */
export type DeviceTests = Record<string, DeviceTest>;

/** What a test says as a whole: `partly` where all works that was tried, and not all was. */
export type DeviceState = 'works' | 'partly' | 'fails' | 'not-tested';

/** What staff read first: whether it works, and if not, what does not. */
export function deviceStateOf(test: DeviceTest | null): { state: DeviceState; failing: TestedDevice[] } {
  const failing = testedDevices.filter((device) => test?.[device] === 'fails');
  const working = testedDevices.filter((device) => test?.[device] === 'works');
  if (failing.length > 0) return { state: 'fails', failing };
  if (working.length === 0) return { state: 'not-tested', failing };
  return { state: working.length === testedDevices.length ? 'works' : 'partly', failing };
}

/**
 * The test that tells of the patient's side: the patient's own; a guardian's where the patient has made none,
 * the last one of several.
 */
export function deviceTestOfPatient({
  participants,
  deviceTests = {},
}: {
  participants: readonly { participantId: string; role: ParticipantRole }[];
  deviceTests?: DeviceTests;
}): DeviceTest | null {
  const of = (wanted: ParticipantRole): DeviceTest | null =>
    participants
      .filter(({ role }) => role === wanted)
      .flatMap(({ participantId }) => deviceTests[participantId] ?? [])
      .reduce<DeviceTest | null>(
        (last, each) => (last !== null && msOf(last.testedAt) > msOf(each.testedAt) ? last : each),
        null,
      );
  return of('patient') ?? of('guardian');
}
