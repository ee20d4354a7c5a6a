import type { TestMeeting } from '../../support/clinic';
import { nextMobile } from '../../support/clinic';
import { startSkippedTime, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/** Two things at the same instant, over the whole service with time skipped. */
let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime();
});
afterAll(() => time.close());

const MINUTE = 60_000;
const later = (at: Date, ms: number): Date => new Date(at.getTime() + ms);

async function bookedMeeting(): Promise<TestMeeting & { mobile: string; startAt: Date }> {
  const mobile = nextMobile();
  const patientId = await time.clinic.addPatient({ mobile });
  const startAt = later(time.now(), 48 * 60 * MINUTE);
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  return { ...meeting, mobile, startAt };
}

const kindsSentTo = (mobile: string): string[] =>
  time.service
    .sentTo(mobile)
    .map(({ message }) =>
      /är avbokat/.test(message) ? 'cancellation' : /börjar snart/.test(message) ? 'soon' : 'other',
    );

// Not at the very instant, which the server that skips time cannot take (skipped-time.ts):
// same-instant-real.test.ts does that.
it.each([-60_000, 60_000])(
  'R2.4 cancelled %i ms from the moment the reminder is due: nothing but the cancellation comes after it',
  async (ms) => {
    const { mobile, path, startAt } = await bookedMeeting();
    await time.passTo(later(startAt, -15 * MINUTE + ms));
    const cancelled = await time.clinic.call('POST', `${path}/cancel`, { body: { by: 'patient' } });
    expect(cancelled.body).toMatchObject({ outcome: { outcome: 'cancelled-late' } });
    const answeredAt = time.service.sentTo(mobile).length;
    await time.passTo(later(startAt, 60 * MINUTE));
    const kinds = await waitUntil(
      () => kindsSentTo(mobile),
      (all) => all.includes('cancellation'),
    );
    // A reminder that went out before the answer was true then; after it there is only the cancellation,
    // once.
    expect(kinds.slice(answeredAt).filter((kind) => kind !== 'cancellation')).toEqual([]);
    expect(kinds.filter((kind) => kind === 'cancellation')).toHaveLength(1);
    expect(kinds.filter((kind) => kind === 'soon').length).toBeLessThanOrEqual(1);
    expect(kinds.at(-1)).toBe('cancellation');
  },
);

it('R5.1, R5.8 cancelled twice at once by two people: one outcome, one proposal, one SMS, and the other hears why not', async () => {
  const { mobile, path, startAt, meetingId } = await bookedMeeting();
  await time.passTo(later(startAt, -60 * MINUTE));
  const cancel = (by: string, staffId: string) =>
    time.clinic.call('POST', `${path}/cancel`, { body: { by }, staffId });
  const answers = await Promise.all([cancel('patient', 'booker-1'), cancel('clinic', 'clinician-1')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const lost = answers.find(({ status }) => status === 409);
  expect(lost?.body).toMatchObject({ title: 'cancelled' });

  await time.passTo(later(startAt, 60 * MINUTE));
  const won = answers.find(({ status }) => status === 200)!.body as { outcome: { outcome: string } };
  const { body } = await time.clinic.call('GET', path);
  // Why it is so is not for everybody who asks (R8.1).
  expect(body.outcome).toMatchObject(won.outcome);
  const charges = await waitUntil(
    () => time.service.records.charges.ofMeeting(meetingId),
    (all) => all.length > 0,
  );
  expect(charges.map(({ course }) => course.invoices.length)).toEqual([1]);
  expect(kindsSentTo(mobile).filter((kind) => kind === 'cancellation')).toHaveLength(1);
});

it('R1.5, R5.3 moved late and then attended: the old time costs, and so does the visit', async () => {
  const meeting = await bookedMeeting();
  await time.passTo(later(meeting.startAt, -120 * MINUTE));
  const startAt = later(meeting.startAt, 72 * 60 * MINUTE);
  const moved = await time.clinic.call('POST', `${meeting.path}/rebook`, {
    body: { by: 'patient', startAt: startAt.toISOString() },
  });
  expect(moved.status).toBe(200);
  await time.passTo(later(startAt, 40 * MINUTE));
  // Nobody was seen in the room: staff know better, since they met by telephone.
  const stated = await waitUntil(
    async () => (await time.clinic.call('GET', meeting.path)).body as { outcome: { outcome: string } | null },
    ({ outcome }) => outcome !== null,
  );
  const corrected = await time.clinic.call('POST', `${meeting.path}/outcome/corrections`, {
    body: { outcome: 'completed', was: stated.outcome!.outcome, reason: 'wrong-evidence' },
  });
  expect(corrected.status).toBe(200);
  const { items } = (await time.clinic.call('GET', `${meeting.path}/invoices`)).body as {
    items: { startVersion: number; state: string; kind: string; letThroughAt: string | null }[];
  };
  expect(items).toEqual([
    expect.objectContaining({
      startVersion: 1,
      state: 'proposed',
      kind: 'missed-visit-fee',
      letThroughAt: null,
    }),
    expect.objectContaining({ startVersion: 2, kind: 'none', state: 'nothing-to-charge' }),
    expect.objectContaining({ startVersion: 2, state: 'proposed', kind: 'visit-fee' }),
  ]);
});
