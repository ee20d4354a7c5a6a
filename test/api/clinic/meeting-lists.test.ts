import { DateTime } from 'luxon';
import { randomId } from '../../../platform/keys/random-id';
import { saveBooking } from '../../../use-cases/read-models/meeting-and-invoice';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { createClinic } from '../../support/clinic';
import { stockholm } from '../../support/skipped-time';
import { DAY, inMs } from '../helpers';
import { clinic, service, withClinic } from './meetings-setup';

/** The lists of meetings at the clinic's API, of a day and by state. */
withClinic();

describe('lists', () => {
  it('of a day: 50 a page, by start, each once, none of another clinic or day', async () => {
    const third = await createClinic(service);
    const personId = await third.addPatient({}, false);
    const { path, meetingId } = await third.book({ patientId: personId, startAt: inMs(30 * DAY) });
    const booked = await service.records.meetings.get(meetingId);
    const day = inStockholm(new Date(inMs(200 * DAY))).startOf('day');
    // Three at each time, so that a page can end among equals.
    const wanted = Array.from({ length: 60 }, (_, index) => ({
      id: randomId(),
      startAt: day
        .plus({ hours: 8, minutes: Math.floor(index / 3) * 10 })
        .toJSDate()
        .toISOString(),
    }));
    for (const { id, startAt } of [...wanted].reverse()) {
      const { times, course, corrections, ...booking } = booked;
      await saveBooking(
        service.records,
        { ...booking, meetingId: id },
        { ...times[0]!, startAt, roomName: `room-${id.toLowerCase()}` },
        { ...course, meetingId: id, time: { ...course.time, startAt } },
      );
    }
    const pageOf = async (query: string) =>
      (await third.call('GET', `/clinic/meetings?day=${day.toISODate()}${query}`)).body as {
        items: { meetingId: string; startAt: string }[];
        next: string | null;
      };
    const first = await pageOf('');
    expect(first.items).toHaveLength(50);
    const second = await pageOf(`&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect(second.items).toHaveLength(10);
    expect(second.next).toBeNull();
    const all = [...first.items, ...second.items];
    expect(new Set(all.map((meeting) => meeting.meetingId))).toEqual(new Set(wanted.map(({ id }) => id)));
    expect(all.map(({ startAt }) => startAt)).toEqual(wanted.map(({ startAt }) => startAt).sort());

    const dayBefore = day.minus({ days: 1 }).toISODate();
    expect((await third.call('GET', `/clinic/meetings?day=${dayBefore}`)).body).toEqual({
      items: [],
      next: null,
    });
    expect((await clinic.call('GET', `/clinic/meetings?day=${day.toISODate()}`)).body).toEqual({
      items: [],
      next: null,
    });
    expect((await third.call('GET', path)).status).toBe(200);
  });

  it.each(['2027-01-14', '2027-03-28', '2027-07-14', '2027-10-31'])(
    'the day begins and ends at midnight in Stockholm: %s',
    async (date) => {
      const third = await createClinic(service);
      const personId = await third.addPatient({}, false);
      const next = DateTime.fromISO(date).plus({ days: 1 }).toISODate()!;
      const at = async (wallClock: string): Promise<string> =>
        (await third.book({ patientId: personId, startAt: stockholm(wallClock).toISOString() })).meetingId;
      const [first, last, after] = [
        await at(`${date}T00:30`),
        await at(`${date}T23:30`),
        await at(`${next}T00:30`),
      ];
      const midnight = await at(`${next}T00:00`);
      const listed = async (day: string): Promise<string[]> => {
        const { body } = await third.call('GET', `/clinic/meetings?day=${day}`);
        return (body as { items: { meetingId: string }[] }).items.map(({ meetingId }) => meetingId);
      };
      expect(await listed(date)).toEqual([first, last]);
      expect(await listed(next)).toEqual([midnight, after]);
    },
  );

  it('by state, and a moved meeting on its new day only', async () => {
    const third = await createClinic(service);
    const personId = await third.addPatient({}, false);
    const startAt = inMs(40 * DAY);
    const [stays, goes, moves] = await Promise.all(
      [1, 2, 3].map(() => third.book({ patientId: personId, startAt })),
    );
    await third.call('POST', `${goes!.path}/cancel`, { body: { by: 'clinic' } });
    const later = inMs(45 * DAY);
    await third.call('POST', `${moves!.path}/rebook`, { body: { by: 'clinic', startAt: later } });
    const listed = async (instant: string, state: string): Promise<string[]> => {
      const day = inStockholm(new Date(instant)).toISODate();
      const { body } = await third.call('GET', `/clinic/meetings?day=${day}${state}`);
      return (body as { items: { meetingId: string }[] }).items.map(({ meetingId }) => meetingId).sort();
    };
    expect(await listed(startAt, '')).toEqual([stays!.meetingId, goes!.meetingId].sort());
    expect(await listed(startAt, '&state=ended')).toEqual([goes!.meetingId]);
    expect(await listed(startAt, '&state=booked')).toEqual([stays!.meetingId]);
    expect(await listed(later, '&state=booked')).toEqual([moves!.meetingId]);
  });
});
