import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../../local/seeded-random';
import { outcomeOf, type Meeting } from '../../records/meetings';
import { isLive } from '../../rules/invoice';
import { defaultNoticeRules } from '../../rules/notices';
import type { MeetingSnapshot } from '../../workflows/meeting/messages';
import { createClinic, type TestClinic, type TestMeeting } from '../support/clinic';
import { replayOwn } from '../support/replays';
import { roomOf } from '../support/room';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

/**
 * Everything at once: a move, a cancellation, an outcome and presence at the same instant, in an order and
 * mixture that the seed decides. Whatever wins, there is one outcome, at most one live invoice for each time,
 * and read model, ledger and invoices agree with the workflows.
 */
const RACES = Number(process.env.RACES ?? 100);
const AT_ONCE = 20;
const SEED = 20261122;

let service: Service;
let clinic: TestClinic;
let patientId: string;
beforeAll(async () => {
  service = await startService({ deadlineMs: 60_000 });
  clinic = await createClinic(service, {
    noticeRules: { ...defaultNoticeRules, quietHours: null },
    doorOpensMinutesBefore: 120,
  });
  // Without consent to SMS: the races are about outcomes and money, and the provider has tests of its own.
  patientId = await clinic.addPatient({}, false);
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
});
afterAll(() => service.close());

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** What somebody does to a meeting; each answers with the HTTP status. */
const acts: ((meeting: TestMeeting) => Promise<number>)[] = [
  (meeting) => post(meeting, 'cancel', { by: 'patient' }),
  (meeting) => post(meeting, 'cancel', { by: 'clinic' }),
  (meeting) => post(meeting, 'rebook', { by: 'patient', startAt: inMinutes(90) }),
  (meeting) => post(meeting, 'rebook', { by: 'clinic', startAt: inMinutes(100) }),
  (meeting) => post(meeting, 'outcome', { outcome: 'completed' }),
  (meeting) => post(meeting, 'outcome', { outcome: 'clinic-absent' }),
  (meeting) => post(meeting, 'outcome', { outcome: 'back-up-routine', way: 'telephone' }),
  async (meeting) => {
    const room = await roomOf(service, meeting.meetingId);
    const statuses = await Promise.all([
      room.joined(meeting.patientParticipantId, new Date()),
      room.joined(meeting.staffParticipantId, new Date()),
    ]);
    return Math.max(...statuses);
  },
];

const post = async (meeting: TestMeeting, what: string, body: object): Promise<number> =>
  (await clinic.call('POST', `${meeting.path}/${what}`, { body })).status;

/** One race: a meeting, and some of the acts at the same instant. */
async function race(chosen: (typeof acts)[number][]): Promise<{ meeting: TestMeeting; statuses: number[] }> {
  const meeting = await clinic.book({ patientId, startAt: inMinutes(60) });
  const statuses = await Promise.all(chosen.map((act) => act(meeting)));
  return { meeting, statuses };
}

/** How far the notices are is told by the ledger, and saved with the next change of the course. */
const whatIsSaved = ({ state, time, outcome, happenings, gates, registration, closed }: MeetingSnapshot) => ({
  state,
  time,
  outcome,
  happenings,
  gates,
  registration,
  closed,
});

/** The meeting when nothing is under way any more, and its read model is what its workflow says. */
async function settled({ meetingId, path }: TestMeeting): Promise<Meeting> {
  // One that nobody ended gets an outcome, so that each race has an end.
  await clinic.call('POST', `${path}/outcome`, { body: { outcome: 'could-not-start' } });
  const { read } = await waitUntil(
    async () => {
      const status = await service.temporal.meetingStatus(meetingId);
      return { status, read: await service.records.meetings.get(meetingId) };
    },
    ({ status, read: { course } }) =>
      isDeepStrictEqual(whatIsSaved(status), whatIsSaved(course)) &&
      course.state === 'ended' &&
      !status.notices.some(({ state }) => state === 'under-way'),
    60_000,
  );
  return read;
}

it(
  `R5.1, R5.8 ${RACES} races: one outcome, one live invoice or none, and all records agree`,
  async () => {
    const random = seededRandom(SEED);
    const pick = (): (typeof acts)[number][] =>
      acts
        .map((act) => ({ act, at: random() }))
        .sort((a, b) => a.at - b.at)
        .slice(0, 2 + Math.floor(random() * 4))
        .map(({ act }) => act);
    let refused = 0;
    for (let done = 0; done < RACES; done += AT_ONCE) {
      const races = await Promise.all(
        Array.from({ length: Math.min(AT_ONCE, RACES - done) }, () => race(pick())),
      );
      for (const { statuses } of races) {
        // Nobody hears of a fault: what loses is refused with a reason.
        expect(statuses.filter((status) => ![200, 204, 409].includes(status))).toEqual([]);
        refused += statuses.filter((status) => status === 409).length;
      }
      const meetings = await Promise.all(races.map(({ meeting }) => settled(meeting)));
      await Promise.all(meetings.map(expectAgreement));
      await expectEventsInOrder(meetings);
    }
    // They were races: many lost.
    expect(refused).toBeGreaterThan(RACES / 4);
    expect(await replayOwn(service, 40)).toBe(40);
  },
  60_000 + RACES * 2_000,
);

async function expectAgreement(read: Meeting): Promise<void> {
  const { meetingId, course } = read;

  // One outcome, told once.
  const outcomes = course.happenings.filter(({ what }) => what === 'outcome');
  expect(outcomes).toHaveLength(1);
  expect(outcomes[0]?.detail).toBe(outcomeOf(read)?.outcome);

  // Each time has a room, in order; the ledger knows of no other time.
  const versions = read.times.map(({ startVersion }) => startVersion);
  expect(versions).toEqual(versions.map((_, index) => index + 1));
  expect(versions).toContain(course.time.startVersion);
  for (const { occasion } of await service.records.ledger.ofMeeting(meetingId)) {
    expect(versions).toContain(occasion);
  }

  // What was proposed: for the last time by the outcome, for an earlier one only where the patient moved it
  // late.
  const charges = await waitUntil(
    () => service.records.charges.ofMeeting(meetingId),
    (all) => all.some(({ startVersion }) => startVersion === course.time.startVersion),
  );
  for (const { startVersion, course: charge } of charges) {
    expect(charge.invoices.filter(({ state }) => isLive(state)).length).toBeLessThanOrEqual(1);
    const last = charge.invoices.at(-1);
    if (startVersion === course.time.startVersion) expect(last?.cause).toBe(outcomeOf(read)?.outcome);
    else expect([read.times[startVersion]?.setBy, last?.cause]).toEqual(['patient', 'rebooked-late']);
  }
}

/** What the clinic's system hears of each is in order and without gaps, with one outcome. */
async function expectEventsInOrder(meetings: Meeting[]): Promise<void> {
  const { items } = await service.records.events.list({
    clinicId: clinic.clinicId,
    from: meetings.map(({ bookedAt }) => bookedAt).sort()[0]!,
    until: null,
    state: null,
    cursor: null,
    limit: 100_000,
  });
  for (const { meetingId } of meetings) {
    const own = items.filter(({ subject }) => subject === meetingId).sort((a, b) => a.sequence - b.sequence);
    expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, index) => index + 1));
    expect(own.filter(({ type }) => type === 'meeting.outcome')).toHaveLength(1);
  }
}
