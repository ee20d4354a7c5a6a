import { randomId } from '../../../platform/keys/random-id';
import { clockChange, DAY, HOUR, MINUTE, inMs } from '../helpers';
import {
  asked,
  at,
  book,
  booker,
  clinic,
  clock,
  commandsOf,
  minuteFrom,
  nurse,
  pageOf,
  read,
  service,
  typed,
  withMeetingDesk,
} from './meeting-desk';

/** A meeting is cancelled and moved on the desk: by the same commands as the API (R8.1; design, decision 18). */
withMeetingDesk();

describe('cancel and move', () => {
  it('R5.3 says what it costs as a time line, then by when it came in, and cancels once', async () => {
    const meeting = await book(inMs(3 * DAY));
    clock.passMs(2 * DAY + 6 * HOUR);
    const browser = await at(nurse);
    const choice = await browser.get(pageOf(meeting, 'cancel'));
    expect(choice.text).toMatch(
      /Till \S+ \d+ \S+ kl\. \d\d\.\d\d<\/span>Det kostar patienten inget\..*Efter det<\/span>Det kostar patienten 400 kr\./su,
    );
    expect((await browser.get(pageOf(meeting, 'cancel/confirm'))).status).toBe(422);
    const clinics = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'clinic' }));
    expect(clinics.text).toContain('Det kostar patienten inget.');
    const now = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'patient' }));
    expect(now.text).toContain('Det kostar patienten 400 kr.');
    const saidBefore = minuteFrom(-12 * HOUR, clock.now());
    const earlier = { by: 'patient', when: 'earlier', ...typed('at', saidBefore) };
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), earlier));
    expect(confirm.text).toContain('Det kostar patienten inget.');
    const future = { ...earlier, ...typed('at', minuteFrom(HOUR, clock.now())) };
    expect((await browser.get(asked(pageOf(meeting, 'cancel/confirm'), future))).status).toBe(422);

    // Not by one press alone.
    expect((await browser.submit(confirm, pageOf(meeting, 'cancel'))).location).toBe(
      pageOf(meeting, 'cancel'),
    );
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(0);
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' })).location).toBe(
        pageOf(meeting, 'cancel/done'),
      );
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(1);
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'cancelled-in-time' });
    const receipt = await browser.get(pageOf(meeting, 'cancel/done'));
    expect(receipt.text).toContain('Mötet är avbokat');
    expect((await browser.get(pageOf(meeting, 'cancel'))).location).toBe(`${pageOf(meeting)}?refused=ended`);
  });

  it('R5.3 costs nothing that was not shown: what has changed since is shown first', async () => {
    const meeting = await book(inMs(DAY + 5 * MINUTE));
    const browser = await at(nurse);
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), { by: 'patient' }));
    expect(confirm.text).toContain('Det kostar patienten inget.');
    clock.passMs(10 * MINUTE);
    const told = await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect(told.location).toBe(`${pageOf(meeting, 'cancel/confirm')}?by=patient&changed=yes`);
    expect(await commandsOf(meeting, 'meeting.cancel')).toBe(0);
    const page = await browser.get(told.location!);
    expect(page.text).toContain('Det här ändrades medan du läste');
    expect(page.text).toContain('Det kostar patienten 400 kr.');
    await browser.submit(page, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect((await read(meeting)).outcome).toMatchObject({ outcome: 'cancelled-late' });
  });

  it('R5.3 a time of receipt before the booking is refused, and nothing is cancelled', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const fields = { by: 'patient', when: 'earlier', ...typed('at', minuteFrom(-DAY)) };
    const confirm = await browser.get(asked(pageOf(meeting, 'cancel/confirm'), fields));
    const refused = await browser.submit(confirm, pageOf(meeting, 'cancel'), { sure: 'yes' });
    expect(refused.location).toBe(`${pageOf(meeting)}?refused=before-the-booking`);
    expect((await read(meeting)).outcome).toBeNull();
  });

  it('R1.5 moves to the time that was shown, once; what cannot be is told at its field', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const to = minuteFrom(5 * DAY);
    const fields = { ...typed('to', to), minutes: '45', agreed: 'yes', by: 'clinic' };
    for (const [wrong, words] of [
      [{ 'to.day': '32' }, 'Skriv en dag som finns'],
      [{ 'to.clock': 'tio' }, 'Skriv ett klockslag'],
      [typed('to', minuteFrom(-DAY)), 'Den tiden har redan varit.'],
      [{ minutes: '0' }, 'Skriv 1–480 minuter.'],
      [{ minutes: '' }, 'Skriv 1–480 minuter.'],
      [{ by: '' }, 'Välj vem som vill.'],
      [{ agreed: '' }, 'Välj om tiden är överenskommen.'],
    ] as const) {
      const page = await browser.get(asked(pageOf(meeting, 'move/confirm'), { ...fields, ...wrong }));
      expect([page.status, page.text]).toEqual([422, expect.stringContaining(words)]);
    }
    const confirm = await browser.get(asked(pageOf(meeting, 'move/confirm'), fields));
    expect(confirm.text).toContain('(45 minuter)');
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(confirm, pageOf(meeting, 'move'))).location).toBe(
        pageOf(meeting, 'move/done'),
      );
    expect(await commandsOf(meeting, 'meeting.rebook')).toBe(1);
    expect(await read(meeting)).toMatchObject({
      startAt: to,
      endAt: new Date(Date.parse(to) + 45 * MINUTE).toISOString(),
      startVersion: 2,
    });
    expect((await service.records.meetings.get(meeting.meetingId)).times.at(-1)).toMatchObject({
      setBy: 'clinic',
      agreed: true,
    });
    expect((await browser.get(pageOf(meeting, 'move/done'))).text).toContain('Mötet är flyttat');
  });

  it('R1.5 a patient’s late move says what it costs, and a meeting moved meanwhile is looked at first', async () => {
    const meeting = await book(inMs(2 * DAY));
    clock.passMs(DAY + HOUR);
    const browser = await at(nurse);
    const fields = {
      ...typed('to', minuteFrom(4 * DAY, clock.now())),
      minutes: '30',
      agreed: 'yes',
      by: 'patient',
    };
    const confirm = await browser.get(asked(pageOf(meeting, 'move/confirm'), fields));
    expect(confirm.text).toContain('Det kostar patienten 400 kr.');
    const body = { by: 'clinic', startAt: minuteFrom(3 * DAY, clock.now()) };
    expect((await clinic.call('POST', `${meeting.path}/rebook`, { body })).status).toBe(200);
    const told = await browser.submit(confirm, pageOf(meeting, 'move'));
    expect(told.location).toContain(`${pageOf(meeting, 'move/confirm')}?`);
    const page = await browser.get(told.location!);
    expect(page.text).toContain('Det här ändrades medan du läste');
    expect(page.text).not.toContain('Det kostar patienten 400 kr.');
    expect((await read(meeting)).startAt).toBe(body.startAt);
  });

  it('R1.5 R1.6 an hour that the clock shows twice is asked of, wherever a time is typed, and told apart', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const night = (name: string, which: 'next' | 'last') => {
      const { year, month, day } = clockChange(10, which);
      const date = { [`${name}.year`]: year, [`${name}.month`]: month, [`${name}.day`]: day };
      return { ...date, [`${name}.clock`]: '02.30' };
    };
    const others = { minutes: '30', agreed: 'yes', by: 'clinic' };
    const said = { by: 'patient', when: 'earlier' };
    for (const [page, fields, name] of [
      ['move/confirm', { ...night('to', 'next'), ...others }, 'to'],
      ['cancel/confirm', { ...night('at', 'last'), ...said }, 'at'],
    ] as const) {
      const asks = await browser.get(asked(pageOf(meeting, page), fields));
      expect([asks.status, asks.text]).toEqual([422, expect.stringContaining('Andra gången (vintertid)')]);
      for (const [which, shown] of [
        ['first', '02.30 sommartid'],
        ['second', '02.30 vintertid'],
      ] as const) {
        const confirm = await browser.get(
          asked(pageOf(meeting, page), { ...fields, [`${name}.which`]: which }),
        );
        expect([confirm.status, confirm.text]).toEqual([200, expect.stringContaining(shown)]);
      }
    }
    const tried = await browser.get(pageOf(meeting, 'tried'));
    const who = { participantId: meeting.patientParticipantId, when: 'earlier' };
    const asks = await browser.submit(tried, pageOf(meeting, 'tried'), { ...who, ...night('at', 'last') });
    expect([asks.status, asks.text]).toEqual([422, expect.stringContaining('Andra gången (vintertid)')]);

    const empty = await browser.get(pageOf(meeting, 'times'));
    const add = { do: 'add', ...night('to', 'next') };
    const asksToo = await browser.submit(empty, pageOf(meeting, 'times'), add);
    expect([asksToo.status, asksToo.text]).toEqual([422, expect.stringContaining('id="to-which"')]);
    await browser.submit(asksToo, pageOf(meeting, 'times'), { ...add, 'to.which': 'second' });
    const { year, day } = clockChange(10);
    expect((await service.records.offeredTimes.of(meeting.meetingId))?.startAts).toEqual([
      `${year}-10-${day}T01:30:00.000Z`,
    ]);
    // It is shown as it was typed, when it is the meeting's own.
    const confirm = await browser.get(
      asked(pageOf(meeting, 'move/confirm'), { ...night('to', 'next'), ...others, 'to.which': 'second' }),
    );
    await browser.submit(confirm, pageOf(meeting, 'move'));
    expect((await read(meeting)).startAt).toBe(`${year}-10-${day}T01:30:00.000Z`);
    expect((await browser.get(pageOf(meeting, 'move'))).text).toMatch(
      /value="second"[^>]*checked|checked[^>]*value="second"/,
    );
  });

  it('R1.6 times are offered and taken back one by one; a list that has changed is not overwritten', async () => {
    const meeting = await book(inMs(3 * DAY));
    const browser = await at(booker);
    const offered = async () => (await service.records.offeredTimes.of(meeting.meetingId))?.startAts ?? [];
    const [first, second] = [minuteFrom(5 * DAY), minuteFrom(6 * DAY)];
    const empty = await browser.get(pageOf(meeting, 'times'));
    const past = { do: 'add', ...typed('to', minuteFrom(-DAY)) };
    expect((await browser.submit(empty, pageOf(meeting, 'times'), past)).status).toBe(422);
    expect(await offered()).toEqual([]);
    const one = { do: 'add', ...typed('to', first) };
    for (let press = 0; press < 2; press += 1)
      expect((await browser.submit(empty, pageOf(meeting, 'times'), one)).location).toBe(
        `${pageOf(meeting, 'times')}?said=times`,
      );
    expect(await offered()).toEqual([first]);
    const page = await browser.get(pageOf(meeting, 'times'));
    await browser.submit(page, pageOf(meeting, 'times'), { do: 'add', ...typed('to', second) });
    expect(await offered()).toEqual([first, second]);
    // Somebody else's page of before.
    const stale = await browser.submit(page, pageOf(meeting, 'times'), {
      do: first,
      formKey: randomId(),
    });
    expect(stale.location).toBe(`${pageOf(meeting, 'times')}?refused=seen-another`);
    expect(await offered()).toEqual([first, second]);
    const now = await browser.get(pageOf(meeting, 'times'));
    await browser.submit(now, pageOf(meeting, 'times'), { do: first });
    expect(await offered()).toEqual([second]);
  });
});
