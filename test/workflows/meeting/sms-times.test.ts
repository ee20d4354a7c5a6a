import { DateTime } from 'luxon';
import { inStockholm } from '../../../rules/calendar/stockholm';
import type { NoticeKind } from '../../../rules/notices';
import { nextMobile, suitable } from '../../support/clinic';
import { startSkippedTime, stockholm, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/**
 * The four SMS at their times, over the whole service, with time skipped. Time only goes forward: each test
 * takes a later day.
 */
let time: SkippedTime;
let day: DateTime<true>;

beforeAll(async () => {
  time = await startSkippedTime();
  day = inStockholm(time.now()).startOf('day').plus({ days: 2 });
});
afterAll(() => time.close());

const at = (clock: string, daysLater = 0): Date =>
  stockholm(`${day.plus({ days: daysLater }).toISODate()}T${clock}`);

const words: [RegExp, NoticeKind][] = [
  [/^Hej! Du har/, 'booking'],
  [/^Ny tid/, 'change'],
  [/är avbokat/, 'cancellation'],
  [/^Påminnelse/, 'morning'],
  [/börjar snart/, 'soon'],
  [/börjar nu/, 'start'],
];

/** What came to a phone: kind and Stockholm time of each SMS, in order. */
function smsTo(mobile: string): string[] {
  return time.service.sentTo(mobile).map(({ message, createdAt }) => {
    const kind = words.find(([pattern]) => pattern.test(message))?.[1] ?? message;
    return `${kind} ${inStockholm(new Date(createdAt)).toFormat('yyyy-MM-dd HH:mm')}`;
  });
}

const on = (clock: string, daysLater = 0): string => `${day.plus({ days: daysLater }).toISODate()} ${clock}`;

async function bookAt(bookedAt: Date, startAt: Date) {
  await time.passTo(bookedAt);
  const mobile = nextMobile();
  const patientId = await time.clinic.addPatient({ mobile });
  const meeting = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
  return { ...meeting, mobile };
}

/** Lets the meeting's whole life pass, and then some days in which nothing more may come. */
async function afterwards(startAt: Date): Promise<void> {
  await time.passTo(new Date(startAt.getTime() + 4 * 24 * 3_600_000));
  day = inStockholm(time.now()).startOf('day').plus({ days: 1 });
}

const plannedStates = async (path: string): Promise<Record<string, string>> => {
  const { body } = await time.clinic.call('GET', `${path}/timeline`);
  const notices = body.notices as { kind: string; state: string; skip: string | null }[];
  return Object.fromEntries(notices.map(({ kind, state, skip }) => [kind, skip ?? state]));
};

describe('the SMS of a meeting', () => {
  it('R2.1 for tomorrow: at booking, at 07:00 that morning, 15 minutes before, at the start', async () => {
    const { mobile, path } = await bookAt(at('13:00'), at('10:00', 1));
    const expected = [
      `booking ${on('13:00')}`,
      `morning ${on('07:00', 1)}`,
      `soon ${on('09:45', 1)}`,
      `start ${on('10:00', 1)}`,
    ];
    await afterwards(at('10:00', 1));
    expect(smsTo(mobile)).toEqual(expected);
    const states = await waitUntil(
      async () => {
        const { body } = await time.clinic.call('GET', `${path}/timeline`);
        return (body.deliveries as { state: string }[]).map((sms) => sms.state);
      },
      (all) => all.every((state) => state === 'delivered'),
    );
    expect(states).toHaveLength(4);
  });

  it('R2.9 for today, booked before 07:00: at once, and no second message that morning', async () => {
    const { mobile, path } = await bookAt(at('06:15'), at('11:00'));
    const expected = [`booking ${on('06:15')}`, `soon ${on('10:45')}`, `start ${on('11:00')}`];
    expect(await plannedStates(path)).toMatchObject({ morning: 'notice-same-morning' });
    await afterwards(at('11:00'));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.5 for today, booked after 07:00: the morning’s is past and skipped', async () => {
    const { mobile, path } = await bookAt(at('08:30'), at('15:00'));
    const expected = [`booking ${on('08:30')}`, `soon ${on('14:45')}`, `start ${on('15:00')}`];
    expect(await plannedStates(path)).toMatchObject({ morning: 'past-when-planned' });
    await afterwards(at('15:00'));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.5 in ten minutes: what was due before is skipped, not sent late', async () => {
    const { mobile, path } = await bookAt(at('14:00'), at('14:10'));
    const expected = [`booking ${on('14:00')}`, `start ${on('14:10')}`];
    expect(await plannedStates(path)).toMatchObject({
      morning: 'past-when-planned',
      soon: 'past-when-planned',
    });
    await afterwards(at('14:10'));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.5 at 07:20: no morning message twenty minutes before', async () => {
    const { mobile, path } = await bookAt(at('12:00'), at('07:20', 1));
    const expected = [`booking ${on('12:00')}`, `soon ${on('07:05', 1)}`, `start ${on('07:20', 1)}`];
    expect(await plannedStates(path)).toMatchObject({ morning: 'too-close-to-start' });
    await afterwards(at('07:20', 1));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.9 booked at night for the next afternoon: waits until 07:00, which takes the morning’s place', async () => {
    const { mobile } = await bookAt(at('22:30'), at('15:00', 1));
    const expected = [`booking ${on('07:00', 1)}`, `soon ${on('14:45', 1)}`, `start ${on('15:00', 1)}`];
    await time.passTo(at('06:59', 1));
    expect(smsTo(mobile)).toEqual([]);
    await afterwards(at('15:00', 1));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.9 booked at night for before the coming noon: at once', async () => {
    const { mobile } = await bookAt(at('23:00'), at('11:30', 1));
    const expected = [
      `booking ${on('23:00')}`,
      `morning ${on('07:00', 1)}`,
      `soon ${on('11:15', 1)}`,
      `start ${on('11:30', 1)}`,
    ];
    await afterwards(at('11:30', 1));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.4, R2.8 a moved meeting sends its new times only', async () => {
    const { mobile, path } = await bookAt(at('10:00'), at('10:00', 2));
    const expected = [
      `booking ${on('10:00')}`,
      `change ${on('12:00')}`,
      `morning ${on('07:00', 4)}`,
      `soon ${on('13:15', 4)}`,
      `start ${on('13:30', 4)}`,
    ];
    await time.passTo(at('12:00'));
    const moved = await time.clinic.call('POST', `${path}/rebook`, {
      body: { by: 'clinic', startAt: at('13:30', 4).toISOString() },
    });
    expect(moved.status).toBe(200);
    expect(moved.body).toMatchObject({ startVersion: 2, startAt: at('13:30', 4).toISOString() });
    await afterwards(at('13:30', 4));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.8 a change takes the place of a booking message that still waits', async () => {
    const { mobile, path } = await bookAt(at('22:00'), at('14:00', 2));
    const expected = [`change ${on('07:00', 1)}`, `morning ${on('07:00', 3)}`, `soon ${on('08:45', 3)}`];
    await time.clinic.call('POST', `${path}/rebook`, {
      body: { by: 'clinic', startAt: at('09:00', 3).toISOString() },
    });
    await time.passTo(at('08:50', 3));
    expect(smsTo(mobile)).toEqual(expected);
    await afterwards(at('09:00', 3));
  });

  it('R2.4 a cancelled meeting sends nothing but the notice', async () => {
    const { mobile, path } = await bookAt(at('10:00'), at('10:00', 3));
    const expected = [`booking ${on('10:00')}`, `cancellation ${on('16:00')}`];
    await time.passTo(at('16:00'));
    const cancelled = await time.clinic.call('POST', `${path}/cancel`, { body: { by: 'patient' } });
    expect(cancelled.body).toMatchObject({ state: 'ended', outcome: { outcome: 'cancelled-in-time' } });
    await afterwards(at('10:00', 3));
    expect(smsTo(mobile)).toEqual(expected);
  });

  it('R2.2 without consent nothing is sent, and the ledger says so; given later it counts from then', async () => {
    await time.passTo(at('10:00'));
    const mobile = nextMobile();
    const patientId = await time.clinic.addPatient({ mobile }, false);
    const startAt = at('12:00', 1);
    const expected = [`soon ${on('11:45', 1)}`, `start ${on('12:00', 1)}`];
    const { path } = await time.clinic.book({ patientId, startAt: startAt.toISOString() });
    await time.passTo(at('08:00', 1));
    await time.clinic.call('PUT', `/clinic/people/${patientId}/sms-consent`, {
      body: { given: true, source: 'asked' },
    });
    await afterwards(startAt);
    expect(smsTo(mobile)).toEqual(expected);
    const { body } = await time.clinic.call('GET', `${path}/timeline`);
    const states = (body.deliveries as { kind: string; state: string; reason: string | null }[]).map(
      ({ kind, state, reason }) => [kind, state, reason],
    );
    expect(states).toContainEqual(['booking', 'no-consent', 'no-consent']);
    expect(states).toContainEqual(['morning', 'no-consent', 'no-consent']);
  });

  it('R7.2 the child’s 13th birthday ends the guardian’s SMS at midnight', async () => {
    await time.passTo(at('10:00'));
    const [childMobile, guardianMobile] = [nextMobile(), nextMobile()];
    const birthDate = day.plus({ days: 1 }).minus({ years: 13 }).toISODate();
    const patientId = await time.clinic.addPatient({ mobile: childMobile, birthDate });
    const guardianId = await time.clinic.addPatient({ mobile: guardianMobile, birthDate: '1985-01-01' });
    const expected = [`booking ${on('10:00')}`];
    const startAt = at('12:00', 1);
    await time.clinic.book({
      patientId,
      startAt: startAt.toISOString(),
      participants: [
        { role: 'staff', staffId: 'clinician-1' },
        { role: 'guardian', personId: guardianId },
      ],
      suitability: suitable({ child: true }),
    });
    await afterwards(startAt);
    expect(smsTo(guardianMobile)).toEqual(expected);
    // The child's number and consent were given while the guardian acted: the child has to give its own.
    expect(smsTo(childMobile)).toEqual(expected);
  });

  it.each([
    ['spring', 3],
    ['autumn', 10],
  ])('R2.1, R2.5 two months ahead across the clock change of %s: 07:00 stays 07:00', async (_name, month) => {
    const year = day.month < month - 1 ? day.year : day.year + 1;
    const changeDay = DateTime.fromObject({ year, month, day: 31 }, { zone: 'Europe/Stockholm' });
    const sunday = changeDay.minus({ days: changeDay.weekday % 7 });
    day = sunday.minus({ days: 40 }) as DateTime<true>;
    const { mobile } = await bookAt(at('11:00'), at('09:00', 61));
    const expected = [
      `booking ${on('11:00')}`,
      `morning ${on('07:00', 61)}`,
      `soon ${on('08:45', 61)}`,
      `start ${on('09:00', 61)}`,
    ];
    // And one on the very Sunday.
    const onTheDay = await bookAt(at('12:00'), at('10:00', 40));
    const expectedOnTheDay = [
      `booking ${on('12:00')}`,
      `morning ${on('07:00', 40)}`,
      `soon ${on('09:45', 40)}`,
      `start ${on('10:00', 40)}`,
    ];
    await afterwards(at('09:00', 61));
    expect(smsTo(mobile)).toEqual(expected);
    expect(smsTo(onTheDay.mobile)).toEqual(expectedOnTheDay);
  });
});
