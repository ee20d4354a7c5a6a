import { createClinic, bookingOf, testSettingsBody, type TestClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import {
  DAY,
  HOUR,
  MINUTE,
  expectProblem,
  inMs,
  openDatabase,
  startedWorkflows,
  testClock,
  type RawDatabase,
} from '../helpers';

/**
 * Decision 6: idempotent at the door. Without workers Temporal takes starts and signals, and answers no
 * update.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let other: TestClinic;
let raw: RawDatabase;
let patientId: string;

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 5_000, clock });
  clinic = await createClinic(service);
  other = await createClinic(service);
  raw = await openDatabase(service);
  patientId = await clinic.addPatient({}, false);
});
afterEach(() => {
  clock.release();
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

let lastKey = 0;
const newKey = (): string => `key-of-the-test-${(lastKey += 1)}`;
const booking = (more: object = {}) => bookingOf({ patientId, startAt: inMs(10 * DAY), ...more });
const countOf = async () => {
  const meetings = await raw.db.collection('meetings').countDocuments();
  const commands = await raw.db.collection('commands').countDocuments();
  return { meetings, commands, workflows: await startedWorkflows(service, meetings) };
};

describe('decision 6: one key', () => {
  it('with the same content gets the first answer again, and books one meeting', async () => {
    const [key, body, before] = [newKey(), booking(), await countOf()];
    const first = await clinic.call('POST', '/clinic/meetings', { key, body });
    expect(first.status).toBe(201);
    for (let again = 0; again < 3; again += 1) {
      const repeated = await clinic.call('POST', '/clinic/meetings', { key, body });
      expect({ status: repeated.status, body: repeated.body as unknown }).toEqual({
        status: 201,
        body: first.body as unknown,
      });
    }
    expect(await countOf()).toEqual({
      meetings: before.meetings + 1,
      commands: before.commands + 1,
      workflows: before.workflows + 1,
    });
  });

  it('counts the same content as the same however it is written', async () => {
    const [key, before] = [newKey(), await countOf()];
    const startAt = inMs(10 * DAY);
    const first = await clinic.call('POST', '/clinic/meetings', { key, body: booking({ startAt }) });
    const backwards = Object.fromEntries(Object.entries(booking({ startAt })).reverse());
    const inAnotherZone = new Date(Date.parse(startAt) + HOUR).toISOString().replace('Z', '+01:00');
    for (const body of [backwards, booking({ startAt: inAnotherZone, formIds: [] })]) {
      const again = await clinic.call('POST', '/clinic/meetings', { key, body });
      expect(again.body).toEqual(first.body);
    }
    expect((await countOf()).meetings).toBe(before.meetings + 1);
  });

  it('keeps a refusal as its answer, also when it would be taken now', async () => {
    const [key, body] = [newKey(), booking({ feeCode: 'later' })];
    const first = await clinic.call('POST', '/clinic/meetings', { key, body });
    expect(expectProblem(first, 422)).toMatchObject([{ field: '/body/feeCode' }]);
    const settings = {
      ...testSettingsBody,
      fees: [{ ...testSettingsBody.fees[0]!, feeCode: 'later' }, ...testSettingsBody.fees],
    };
    await clinic.call('PUT', '/clinic/settings', { body: settings, role: 'operations-manager' });
    const again = await clinic.call('POST', '/clinic/meetings', { key, body });
    expect({ status: again.status, body: again.body as unknown }).toEqual({
      status: 422,
      body: first.body as unknown,
    });
    expect(again.headers.get('content-type')).toMatch('application/problem+json');
    expect((await clinic.call('POST', '/clinic/meetings', { body })).status).toBe(201);
  });

  it('gets its answer again also when the time that was booked is past', async () => {
    const [key, body, before] = [newKey(), booking({ startAt: inMs(10 * MINUTE) }), await countOf()];
    const first = await clinic.call('POST', '/clinic/meetings', { key, body });
    expect(first.status).toBe(201);
    clock.passMs(11 * MINUTE);
    const again = await clinic.call('POST', '/clinic/meetings', { key, body });
    expect({ status: again.status, body: again.body as unknown }).toEqual({
      status: 201,
      body: first.body as unknown,
    });
    expect((await countOf()).meetings).toBe(before.meetings + 1);
  });

  it('with other content is refused by its name', async () => {
    const [key, before] = [newKey(), await countOf()];
    await clinic.call('POST', '/clinic/meetings', { key, body: booking() });
    const after = { ...(await countOf()) };
    const contents: [string, object][] = [
      ['/clinic/meetings', booking({ durationMinutes: 45 })],
      [
        '/clinic/forms',
        { title: 'x', questions: [{ questionId: 'a', label: 'a', required: true, type: 'date' }] },
      ],
      ['/clinic/people', { name: 'Kim', birthDate: '1990-01-01' }],
    ];
    for (const [path, body] of contents) {
      const answer = await clinic.call('POST', path, { key, body });
      expect(expectProblem(answer, 422)).toMatchObject([
        { field: '/headers/idempotency-key', reason: 'reused' },
      ]);
    }
    expect(await countOf()).toEqual(after);
    expect(after.meetings).toBe(before.meetings + 1);
  });

  it('about another person is other content', async () => {
    const key = newKey();
    const body = { given: true, givenBy: 'person' };
    await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, { key, body });
    const another = await clinic.addPatient({}, false);
    const answer = await clinic.call('PUT', `/clinic/people/${another}/care-history-consent`, { key, body });
    expect(expectProblem(answer, 422)).toMatchObject([{ field: '/headers/idempotency-key' }]);
  });

  it('is needed on every command that makes or moves something', async () => {
    const meeting = await clinic.book(booking());
    const before = await countOf();
    const commands: [string, object][] = [
      ['/clinic/meetings', booking()],
      ['/clinic/people', { name: 'Kim', birthDate: '1990-01-01' }],
      [
        '/clinic/forms',
        { title: 'x', questions: [{ questionId: 'a', label: 'a', required: true, type: 'date' }] },
      ],
      [`${meeting.path}/cancel`, { by: 'clinic' }],
      [`${meeting.path}/rebook`, { by: 'clinic', startAt: inMs(11 * DAY) }],
      [`${meeting.path}/outcome`, { outcome: 'back-up-routine', way: 'telephone' }],
    ];
    for (const [path, body] of commands) {
      const answer = await clinic.call('POST', path, { body, headers: { 'idempotency-key': undefined } });
      expect(expectProblem(answer, 400)).toMatchObject([
        { field: '/headers/idempotency-key', reason: 'missing' },
      ]);
    }
    expect(await countOf()).toEqual(before);
  });

  it.each([
    ['short', 'a'.repeat(7)],
    ['long', 'a'.repeat(129)],
    ['with a space', 'one key and another'],
    ['with other letters', 'nyckel-åäö-1'],
  ])('that is %s is refused', async (_name, key) => {
    const before = await countOf();
    const answer = await clinic.call('POST', '/clinic/meetings', { body: booking(), key });
    expect(expectProblem(answer, 400)).toMatchObject([{ field: '/headers/idempotency-key' }]);
    expect(await countOf()).toEqual(before);
  });

  it('at two clinics is two commands', async () => {
    const [key, body] = [newKey(), { name: 'Kim', birthDate: '1990-01-01' }];
    const [here, there] = [
      await clinic.call('POST', '/clinic/people', { key, body }),
      await other.call('POST', '/clinic/people', { key, body }),
    ];
    expect([here.status, there.status]).toEqual([201, 201]);
    expect(here.body).not.toEqual(there.body);
  });

  it.each([2, 20])(
    '%i times at the same instant: exactly one workflow, and no two answers',
    async (times) => {
      const [key, body, before] = [newKey(), booking(), await countOf()];
      const answers = await Promise.all(
        Array.from({ length: times }, () => clinic.call('POST', '/clinic/meetings', { key, body })),
      );
      const carriedOut = answers.filter(({ status }) => status === 201);
      expect(carriedOut).not.toEqual([]);
      expect(new Set(carriedOut.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
      for (const answer of answers.filter(({ status }) => status !== 201)) expectProblem(answer, 409);
      expect((await clinic.call('POST', '/clinic/meetings', { key, body })).body).toEqual(
        carriedOut[0]!.body,
      );
      expect(await countOf()).toEqual({
        meetings: before.meetings + 1,
        commands: before.commands + 1,
        workflows: before.workflows + 1,
      });
    },
  );

  it('twenty different at the same instant are twenty meetings', async () => {
    const before = await countOf();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => clinic.call('POST', '/clinic/meetings', { body: booking() })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const after = await countOf();
    expect([after.meetings - before.meetings, after.workflows - before.workflows]).toEqual([20, 20]);
  });
});

it('decision 6, 7: neither key nor content stands in the database in plain text', async () => {
  const key = 'a-key-that-is-easy-to-find';
  const body = {
    name: 'Namnet Somsyns',
    personalNumber: '198112189876',
    mobile: '+46701740655',
    email: 'syns@example.org',
  };
  const { body: person } = await clinic.call('POST', '/clinic/people', {
    key,
    body,
    staffId: 'staff-in-plain',
  });
  expect(person).toMatchObject({ name: body.name });
  const collections = await raw.db.listCollections().toArray();
  expect(collections.map(({ name }) => name)).toContain('commands');
  for (const { name } of collections) {
    const documents = await raw.db.collection(name).find({}, { raw: true }).toArray();
    const bytes = Buffer.concat(documents as unknown as Buffer[]);
    for (const secret of [key, ...Object.values(body), 'Somsyns', '8112189876', '701740655', '1981-12-18']) {
      expect([name, secret, bytes.includes(secret)]).toEqual([name, secret, false]);
      const encoded = Buffer.from(secret).toString('base64').replace(/=+$/, '');
      expect([name, encoded, bytes.includes(encoded)]).toEqual([name, encoded, false]);
    }
  }
});

describe('decision 6: while Temporal does not answer', () => {
  it('decision 2: an entry, which is not stored because its token must be fresh, is answered 503 too', async () => {
    const soon = await clinic.book(booking({ startAt: inMs(5 * MINUTE) }));
    const entry = await clinic.call('POST', `${soon.path}/entry`, {
      body: { participantId: soon.staffParticipantId, identityChecked: 'known-to-staff' },
      headers: { 'idempotency-key': undefined },
    });
    expectProblem(entry, 503);
    expect(entry.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  });

  it('a command is stored and answered 503; then carried out, late or in time by when it was received (R5.3)', async () => {
    const startAt = inMs(24 * HOUR + 10 * MINUTE);
    const meeting = await clinic.book(booking({ startAt }));
    const [key, body] = [newKey(), { by: 'patient' }];

    const refused = await clinic.call('POST', `${meeting.path}/cancel`, { key, body });
    expectProblem(refused, 503);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    const meetingId = meeting.meetingId;
    expect(await raw.db.collection('commands').countDocuments({ meetingId, state: 'accepted' })).toBe(1);
    expect((await clinic.call('GET', meeting.path)).body).toMatchObject({ startVersion: 1, outcome: null });

    // By now it would be late.
    clock.passMs(20 * MINUTE);
    await service.startWorkers();
    const cancelled = await waitUntil(
      () => clinic.call('GET', meeting.path),
      (answer) => (answer.body as { state: string }).state === 'ended',
    );
    expect(cancelled.body).toMatchObject({
      outcome: { outcome: 'cancelled-in-time', decidedBy: 'cancellation' },
    });
    const answered = await waitUntil(
      () => clinic.call('POST', `${meeting.path}/cancel`, { key, body }),
      ({ status }) => status === 200,
    );
    expect(answered.body).toMatchObject({
      meetingId,
      state: 'ended',
      outcome: { outcome: 'cancelled-in-time' },
    });
    expect(await raw.db.collection('commands').countDocuments({ meetingId, state: 'done' })).toBe(1);
    const { body: timeline } = await clinic.call('GET', `${meeting.path}/timeline`);
    const happenings = (timeline as { happenings: { what: string }[] }).happenings.map(({ what }) => what);
    expect(happenings.filter((what) => what === 'cancelled')).toHaveLength(1);
  });
});
