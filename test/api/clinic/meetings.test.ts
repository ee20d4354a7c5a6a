import { defaultNoticeRules } from '../../../rules/notices';
import { TemporalUnavailable } from '../../../temporal/gateway';
import { meetingWorkflowId } from '../../../temporal/ids';
import { bookingOf, createClinic } from '../../support/clinic';
import { stockholm } from '../../support/skipped-time';
import { startService } from '../../support/service';
import { withRowOfBefore } from '../../support/earlier-release';
import { waitUntil } from '../../support/wait-until';
import { DAY, HOUR, MINUTE, expectProblem, inMs } from '../helpers';
import { book, cancel, clinic, clock, patientId, read, rebook, service, withClinic } from './meetings-setup';

/** A meeting's life at the clinic's API: booked, read, listed, moved, cancelled, over. */
withClinic();

describe('booking and reading', () => {
  it('R1.1 what was booked is what is read, with its door, its terms and what it waits for', async () => {
    const startAt = inMs(10 * DAY);
    const formId = await clinic.addForm();
    const { meetingId, path } = await book(startAt, { formIds: [formId], noticeHours: 48 });
    const { status, body } = await clinic.call('GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      meetingId,
      state: 'booked',
      startVersion: 1,
      startAt,
      endAt: inMs(30 * MINUTE, new Date(startAt)),
      doorOpensAt: inMs(-15 * MINUTE, new Date(startAt)),
      doorClosesAt: inMs(90 * MINUTE, new Date(startAt)),
      patientId,
      formIds: [formId],
      gates: { consentGiven: false, formsMissing: [formId] },
      outcome: null,
      terms: { agreed: true, toldOfFee: true, noticeHours: 48, feeCode: 'visit' },
      bookedBy: 'clinician-1',
    });
  });

  it('what is missing is told from what is wrong', async () => {
    const body = { durationMinutes: 'x', agreed: 'yes', participants: {}, feeCode: null };
    const answer = await clinic.call('POST', '/clinic/meetings', { body });
    const reasons = new Map(expectProblem(answer, 400).map(({ field, reason }) => [field, reason]));
    for (const field of Object.keys(body))
      expect([field, reasons.get(`/body/${field}`)]).toEqual([field, 'wrong-type']);
    for (const field of ['startAt', 'patientId', 'toldOfFee'])
      expect([field, reasons.get(`/body/${field}`)]).toEqual([field, 'missing']);
  });

  it('decision 3 later settings do not touch what a meeting was promised', async () => {
    const third = await createClinic(service);
    const personId = await third.addPatient({}, false);
    const { path } = await third.book({ patientId: personId, startAt: inMs(10 * DAY) });
    const { body: settings } = await third.call('GET', '/clinic/settings');
    await third.call('PUT', '/clinic/settings', {
      body: { ...(settings as object), noticeHours: 72 },
      role: 'operations-manager',
    });
    expect((await third.call('GET', path)).body).toMatchObject({ terms: { noticeHours: 24 } });
  });

  it('decision 1 what one has just done, one reads', async () => {
    const { path } = await book(inMs(10 * DAY));
    const startAt = inMs(12 * DAY);
    const moved = await rebook(path, startAt);
    expect(moved.body).toMatchObject({ startVersion: 2, startAt });
    expect(await read(path)).toMatchObject({ startVersion: 2, startAt });
    const cancelled = await cancel(path, { by: 'clinic' });
    expect(cancelled.body).toMatchObject({ state: 'ended', outcome: { outcome: 'cancelled-by-clinic' } });
    expect(await read(path)).toMatchObject({ state: 'ended', outcome: { outcome: 'cancelled-by-clinic' } });
  });

  it('a rebooking keeps the duration, one that was changed too', async () => {
    const { path } = await book(inMs(10 * DAY));
    const minutes = async (): Promise<number> => {
      const { startAt, endAt } = await read(path);
      return (Date.parse(endAt) - Date.parse(startAt)) / MINUTE;
    };
    await rebook(path, inMs(11 * DAY));
    expect(await minutes()).toBe(30);
    await rebook(path, inMs(12 * DAY), { durationMinutes: 60 });
    expect(await minutes()).toBe(60);
    await rebook(path, inMs(13 * DAY));
    expect(await minutes()).toBe(60);
  });

  it('a begun meeting is not ended by a duration or a time that has passed: refused, and it stays as it was', async () => {
    // As where all of it was received some hours ago, and Temporal was away since.
    clock.holdAt(new Date(inMs(-3 * HOUR)));
    const startAt = inMs(-20 * MINUTE);
    const { path } = await book(startAt, { durationMinutes: 60 });
    for (const refused of [
      await rebook(path, startAt, { durationMinutes: 10 }),
      await rebook(path, inMs(-2 * HOUR)),
    ]) {
      expectProblem(refused, 409);
      expect(refused.body).toMatchObject({ type: 'urn:vardmote:problem:time-passed' });
    }
    const asBefore = { startVersion: 1, startAt, outcome: null };
    expect(await read(path)).toMatchObject({ ...asBefore, endAt: inMs(60 * MINUTE, new Date(startAt)) });
    expect((await rebook(path, startAt, { durationMinutes: 40 })).status).toBe(200);
    expect(await read(path)).toMatchObject({ ...asBefore, endAt: inMs(40 * MINUTE, new Date(startAt)) });
  });

  it('R2.7 the timeline tells all that happened, in order', async () => {
    const formId = await clinic.addForm();
    const { path, meetingId } = await book(inMs(10 * DAY), { formIds: [formId] });
    await clinic.call('PUT', `${path}/forms/${formId}/answers`, {
      body: { answers: { how: 4 }, answeredBy: 'patient' },
    });
    await rebook(path, inMs(11 * DAY), { by: 'patient' });
    await cancel(path);
    const { body } = await clinic.call('GET', `${path}/timeline`);
    const { happenings } = body as {
      happenings: { at: string; what: string; detail: string | null; startVersion: number }[];
    };
    expect(body).toMatchObject({ meetingId });
    expect(happenings.filter(({ what }) => !what.startsWith('gates-')).slice(0, 5)).toMatchObject([
      { what: 'booked', startVersion: 1 },
      { what: 'form-filled-in', detail: formId, startVersion: 1 },
      { what: 'rebooked', detail: 'patient', startVersion: 2 },
      { what: 'cancelled', detail: 'cancelled-in-time', startVersion: 2 },
      { what: 'outcome', detail: 'cancelled-in-time', startVersion: 2 },
    ]);
    expect(happenings.map(({ at }) => at)).toEqual(happenings.map(({ at }) => at).sort());
  });
});

describe('R5.3 late or in time', () => {
  it.each([
    ['24 hours before to the millisecond', 0, 'cancelled-in-time'],
    ['a millisecond later', -1, 'cancelled-late'],
    ['a millisecond earlier', 1, 'cancelled-in-time'],
  ])('received %s', async (_name, moreMs, outcome) => {
    const now = new Date();
    clock.holdAt(now);
    const { path } = await book(inMs(24 * HOUR + moreMs, now));
    expect((await cancel(path)).body).toMatchObject({ outcome: { outcome } });
  });

  it('24 hours are elapsed time, also across the change to summer time', async () => {
    const startAt = stockholm('2027-03-28T09:00');
    for (const [receivedAt, outcome] of [
      ['2027-03-27T08:00', 'cancelled-in-time'],
      ['2027-03-27T08:01', 'cancelled-late'],
    ] as const) {
      const { path } = await book(startAt.toISOString());
      clock.holdAt(stockholm(receivedAt));
      expect((await cancel(path)).body).toMatchObject({ outcome: { outcome } });
      clock.release();
    }
  });

  it('the notice that the kallelse says is the one that counts', async () => {
    const { path } = await book(inMs(30 * HOUR), { noticeHours: 48 });
    expect((await cancel(path)).body).toMatchObject({ outcome: { outcome: 'cancelled-late' } });
    const short = await book(inMs(3 * HOUR), { noticeHours: 2 });
    expect((await cancel(short.path)).body).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
  });

  it('R1.5 a call that was received in time is in time, though it is entered late; one by the clinic is never late', async () => {
    const now = new Date();
    clock.holdAt(new Date(inMs(-3 * DAY, now)));
    const [patients, clinics] = [await book(inMs(2 * HOUR, now)), await book(inMs(2 * HOUR, now))];
    clock.release();
    const answer = await cancel(patients.path, { by: 'patient', receivedAt: inMs(-23 * HOUR, now) });
    expect(answer.body).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
    expect((await cancel(clinics.path, { by: 'clinic' })).body).toMatchObject({
      outcome: { outcome: 'cancelled-by-clinic' },
    });
  });

  it('R1.5 nobody can have called to cancel before the meeting was booked', async () => {
    const { path } = await book(inMs(2 * HOUR));
    const answer = await cancel(path, { by: 'patient', receivedAt: inMs(-2 * DAY) });
    expect(expectProblem(answer, 422)).toMatchObject([{ field: '/body/receivedAt' }]);
  });
});

it.each(['cancel', 'rebook'])(
  'D16 a %s whose receipt is stated to the minute is not before a booking within that minute',
  async (what) => {
    const now = new Date(Math.floor(Date.now() / MINUTE) * MINUTE + DAY);
    const at = (seconds: number) => inMs(seconds * 1000, now);
    clock.holdAt(new Date(at(30)));
    const { path } = await book(inMs(4 * DAY, now));
    clock.holdAt(new Date(at(50)));
    const ask = (receivedAt: string) =>
      what === 'cancel'
        ? cancel(path, { by: 'patient', receivedAt })
        : rebook(path, inMs(5 * DAY, now), { by: 'patient', receivedAt });
    for (const before of [at(-60), at(29)])
      expect((expectProblem(await ask(before), 422), (await ask(before)).body.title)).toBe(
        'before-the-booking',
      );
    expect((await ask(at(0))).status).toBe(200);
    expect(await read(path)).toMatchObject(what === 'cancel' ? { state: 'ended' } : { startVersion: 2 });
  },
);

describe('item 6: two meetings of one patient at the same time', () => {
  const warned = (startAt: string, { meetingId, minutes }: { meetingId: string; minutes: number }) => [
    { warning: 'same-time', meetingId, startAt, endAt: inMs(minutes * MINUTE, new Date(startAt)) },
  ];
  const bookRaw = async (startAt: string, of: string, durationMinutes = 30) =>
    (
      await clinic.call('POST', '/clinic/meetings', {
        body: bookingOf({ patientId: of, startAt, durationMinutes }),
      })
    ).body as { meetingId: string; warnings: object[] };

  it('are booked, and the answer names the other; so does that of a move', async () => {
    const [person, another] = [await clinic.addPatient({}, false), await clinic.addPatient({}, false)];
    const startAt = inMs(20 * DAY);
    const later = (minutes: number) => inMs(minutes * MINUTE, new Date(startAt));
    const first = await bookRaw(startAt, person);
    expect(first.warnings).toEqual([]);
    const overlapping = await bookRaw(later(29), person);
    expect(overlapping.warnings).toEqual(warned(startAt, { ...first, minutes: 30 }));
    // One after the other is no clash, nor is another patient's.
    expect((await bookRaw(later(-30), person)).warnings).toEqual([]);
    expect((await bookRaw(startAt, another)).warnings).toEqual([]);

    const path = `/clinic/meetings/${overlapping.meetingId}`;
    const away = await rebook(path, later(600));
    expect([away.status, away.body.warnings]).toEqual([200, []]);
    const back = await rebook(path, later(1));
    expect([back.status, back.body.warnings]).toEqual([200, warned(startAt, { ...first, minutes: 30 })]);
    await cancel(`/clinic/meetings/${first.meetingId}`);
    expect((await rebook(path, later(2))).body.warnings).toEqual([]);
  });

  it('a long one that began before is seen, and the same command again is warned of the same', async () => {
    const person = await clinic.addPatient({}, false);
    const startAt = inMs(30 * DAY);
    const long = await bookRaw(startAt, person, 480);
    const options = {
      key: 'the-same-booking',
      body: bookingOf({ patientId: person, startAt: inMs(479 * MINUTE, new Date(startAt)) }),
    };
    const answers = [1, 2].map(() => clinic.call('POST', '/clinic/meetings', options));
    const [one] = await Promise.all(answers);
    const again = await clinic.call('POST', '/clinic/meetings', options);
    expect([again.status, again.body]).toEqual([201, one!.status === 201 ? one!.body : again.body]);
    expect(again.body.warnings).toEqual(warned(startAt, { ...long, minutes: 480 }));
  });
});

describe('item 6: other lists', () => {
  const ids = ({ body }: { body: { items: { meetingId: string }[] } }): string[] =>
    body.items.map(({ meetingId }) => meetingId);
  const list = (query: string) => clinic.call('GET', `/clinic/meetings?${query}`);

  it('of a patient and of a reference, by start, all states or one, and none of another clinic', async () => {
    const person = await clinic.addPatient({}, false);
    const of = (startAt: string, reference: string) => book(startAt, { patientId: person, reference });
    const third = await of(inMs(9 * DAY), 'PAS:1');
    const first = await of(inMs(7 * DAY), 'PAS:2');
    const second = await of(inMs(8 * DAY), 'PAS:1');
    await cancel(second.path);
    const inOrder = [first, second, third].map(({ meetingId }) => meetingId);
    expect(ids(await list(`patientId=${person}`))).toEqual(inOrder);
    expect(ids(await list(`patientId=${person}&state=ended`))).toEqual([second.meetingId]);
    expect(ids(await list('reference=PAS:1'))).toEqual([second.meetingId, third.meetingId]);
    const other = await createClinic(service);
    for (const query of [`patientId=${person}`, 'reference=PAS:1'])
      expect(ids(await other.call('GET', `/clinic/meetings?${query}`))).toEqual([]);
  });

  it('needs one of them, and refuses a second by its name', async () => {
    expect(expectProblem(await list('state=ended'), 400)).toMatchObject([{ field: '/query/day' }]);
    expect(expectProblem(await list('day=2026-11-23&reference=a'), 400)).toMatchObject([
      { field: '/query/reference' },
    ]);
  });

  it('of what has changed misses nothing that changes meanwhile, and shows each change', async () => {
    const own = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
    const person = await own.addPatient({}, false);
    const since = new Date().toISOString();
    const startAt = inMs(40 * DAY);
    // Many at one start and near one instant, so that pages end between equals.
    const booked = await Promise.all(
      Array.from({ length: 55 }, (_, at) => own.book({ patientId: person, startAt, reference: `R${at}` })),
    );
    const all = booked.map(({ meetingId }) => meetingId);
    const ask = async (query: string) =>
      (await own.call('GET', `/clinic/meetings?${query}`)).body as {
        items: { meetingId: string; startVersion: number }[];
        next: string | null;
        nextChangedSince?: string;
      };
    // What their workflows save once they run is a change, too: it has come and gone before anybody pages.
    let lastSeen = '';
    let quietLooks = 0;
    await waitUntil(
      async () => {
        const rows = await service.database.collection('meetings').find({ clinicId: own.clinicId }).toArray();
        const seen = JSON.stringify(rows.map(({ changedAt }) => changedAt as Date));
        quietLooks = seen === lastSeen ? quietLooks + 1 : 0;
        lastSeen = seen;
        return quietLooks;
      },
      (looks) => looks > 20,
    );
    const first = await ask(`changedSince=${since}`);
    expect(first.items).toHaveLength(50);
    expect(Date.parse(first.nextChangedSince!)).toBeLessThan(Date.now());

    // Changed while somebody pages: one that was shown comes again at the end, one that was not is shown as
    // it is then.
    const shown = first.items[0]!.meetingId;
    const notShown = all.find((id) => !first.items.some(({ meetingId }) => meetingId === id))!;
    for (const id of [shown, notShown]) {
      const body = { by: 'clinic', startAt: inMs(41 * DAY) };
      expect((await own.call('POST', `/clinic/meetings/${id}/rebook`, { body })).status).toBe(200);
    }
    const rest = await ask(`changedSince=${since}&cursor=${first.next}`);
    expect([rest.next, rest.nextChangedSince]).toEqual([null, undefined]);
    const seen = [...first.items, ...rest.items];
    expect(new Set(seen.map(({ meetingId }) => meetingId))).toEqual(new Set(all));
    for (const id of [shown, notShown])
      expect(seen.filter(({ meetingId }) => meetingId === id).at(-1)).toMatchObject({ startVersion: 2 });

    // By start, the pages of equals are whole too.
    const byStart = await ask(`patientId=${person}`);
    const byStartRest = await ask(`patientId=${person}&cursor=${byStart.next}`);
    expect([...byStart.items, ...byStartRest.items].map(({ meetingId }) => meetingId).sort()).toEqual(
      [...all].sort(),
    );

    const sinceThen = new Date().toISOString();
    await own.call('POST', `/clinic/meetings/${shown}/cancel`, { body: { by: 'clinic' } });
    const news = await ask(`changedSince=${sinceThen}`);
    expect(news.items.map(({ meetingId }) => meetingId)).toContain(shown);
    const other = await ask(`changedSince=${inMs(HOUR)}`);
    expect(other.items).toEqual([]);
  });

  it('of what has changed has meetings from before that was written down, once they are noted', async () => {
    const startAt = inMs(4 * DAY);
    const { meetingId } = await clinic.book({ patientId: await clinic.addPatient({}, false), startAt });
    const row = { collection: 'meetings', _id: meetingId, without: ['changedAt'] };
    await withRowOfBefore(service, row, async (records) => {
      const changed = async (): Promise<string[]> => {
        const by = { changedSince: new Date(Date.now() - HOUR) };
        const query = { clinicId: clinic.clinicId, by, state: null, cursor: null, limit: 10 };
        return (await records.meetings.list(query)).items.map((meeting) => meeting.meetingId);
      };
      expect(await changed()).toEqual([]);
      await records.prepare();
      expect(await changed()).toEqual([meetingId]);
    });
  });
});

it('D16 the worker away is told from Temporal away', async () => {
  const own = await startService({ deadlineMs: 1_500 });
  try {
    const at = await createClinic(own);
    const meeting = await at.book({ patientId: await at.addPatient({}, false), startAt: inMs(5 * MINUTE) });
    await own.stopWorkers();
    const titleOf = async () => {
      const answer = await at.call('POST', `${meeting.path}/entry`, {
        body: { participantId: meeting.staffParticipantId, identityChecked: 'known-to-staff' },
      });
      expectProblem(answer, 503);
      return (answer.body as { title: string }).title;
    };
    expect(await titleOf()).toBe('workflows-do-not-answer');
    Object.assign(own.temporal, { enterMeeting: () => Promise.reject(new TemporalUnavailable(null)) });
    expect(await titleOf()).toBe('temporal-away');
  } finally {
    await own.close();
  }
});

describe('at the same instant', () => {
  it('two cancellations: one outcome, and the other is told so', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { path } = await book(inMs(10 * DAY));
      const answers = await Promise.all([cancel(path, { by: 'patient' }), cancel(path, { by: 'clinic' })]);
      const taken = answers.filter(({ status }) => status === 200);
      expect(taken).toHaveLength(1);
      const refused = answers.find(({ status }) => status !== 200)!;
      expectProblem(refused, 409);
      expect(refused.body).toMatchObject({ title: 'cancelled' });
      expect((await read(path)).outcome).toEqual((taken[0]!.body as { outcome: unknown }).outcome);
    }
  });

  it('a rebooking and a cancellation: cancelled in the end, whichever came first', async () => {
    for (let round = 0; round < 3; round += 1) {
      const { path, meetingId } = await book(inMs(10 * DAY));
      const [moved, cancelled] = await Promise.all([rebook(path, inMs(11 * DAY)), cancel(path)]);
      expect([200, 409]).toContain(moved.status);
      expect([200, 409]).toContain(cancelled.status);
      expect([moved.status, cancelled.status]).toContain(200);
      const course = await service.temporal.meetingStatus(meetingId);
      const meeting = await waitUntil(
        () => read(path),
        ({ state, startVersion }) => state === course.state && startVersion === course.time.startVersion,
      );
      expect(meeting.state === 'ended').toBe(cancelled.status === 200);
      expect(meeting.startVersion).toBe(moved.status === 200 ? 2 : 1);
    }
  });

  it('several rebookings: each that was taken is a start version of its own with a room of its own', async () => {
    const { path, meetingId } = await book(inMs(10 * DAY));
    const answers = await Promise.all([11, 12, 13].map((days) => rebook(path, inMs(days * DAY))));
    const taken = answers.filter(({ status }) => status === 200);
    for (const refused of answers.filter(({ status }) => status !== 200)) expectProblem(refused, 409);
    const meeting = await service.records.meetings.get(meetingId);
    expect(meeting.course.time.startVersion).toBe(1 + taken.length);
    const versions = meeting.times.map(({ startVersion }) => startVersion).sort();
    expect(versions).toEqual(Array.from({ length: 1 + taken.length }, (_, index) => index + 1));
    expect(new Set(meeting.times.map(({ roomName }) => roomName)).size).toBe(versions.length);
  });
});

describe('what is over', () => {
  async function closed(meetingId: string): Promise<void> {
    const handle = service.client.workflow.getHandle(meetingWorkflowId(meetingId));
    await waitUntil(
      async () => (await handle.describe()).status.name,
      (status) => status === 'COMPLETED',
    );
  }
  const commandsOn = (path: string) => [
    () => cancel(path),
    () => rebook(path, inMs(11 * DAY)),
    () => clinic.call('POST', `${path}/outcome`, { body: { outcome: 'back-up-routine', way: 'telephone' } }),
  ];

  it('a cancelled meeting takes no command, and says why, also long after', async () => {
    const { path, meetingId } = await book(inMs(10 * DAY));
    await cancel(path);
    for (let round = 0; round < 2; round += 1) {
      for (const command of commandsOn(path)) {
        const answer = await command();
        expectProblem(answer, 409);
        expect(answer.body).toMatchObject({ title: 'cancelled', detail: 'The meeting is cancelled.' });
      }
      await closed(meetingId);
    }
    expect(await read(path)).toMatchObject({ outcome: { outcome: 'cancelled-in-time' } });
  });

  it('a meeting with an outcome takes no command, and says why', async () => {
    const { path, meetingId } = await book(inMs(5 * MINUTE));
    const stated = await waitUntil(
      () =>
        clinic.call('POST', `${path}/outcome`, { body: { outcome: 'back-up-routine', way: 'telephone' } }),
      ({ status }) => status === 200,
    );
    expect(stated.body).toMatchObject({
      state: 'ended',
      outcome: { outcome: 'back-up-routine', decidedBy: 'staff' },
    });
    // R5.11: until the visit is registered the workflow has something to do.
    expect((await clinic.call('POST', `${path}/registration`)).status).toBe(200);
    await closed(meetingId);
    for (const command of commandsOn(path)) {
      const answer = await command();
      expectProblem(answer, 409);
      expect(answer.body).toMatchObject({ title: 'ended' });
    }
  });

  it('nobody has been absent before the door opens', async () => {
    const { path } = await book(inMs(10 * DAY));
    for (const outcome of ['no-show', 'completed', 'clinic-absent', 'could-not-start']) {
      const answer = await clinic.call('POST', `${path}/outcome`, { body: { outcome } });
      expectProblem(answer, 409);
      expect(answer.body).toMatchObject({ title: 'too-early' });
    }
  });
});
