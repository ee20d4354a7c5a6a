import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection } from 'mongoose';
import { saveMeeting } from '../../use-cases/read-models/meeting-and-invoice';
import { meetingWorkflowId } from '../../temporal/ids';
import { closedWithoutWorkflow } from '../../workflows/meeting/snapshot';
import { parseCommand, WronglyCalled } from '../../ops/command';
import type { Talk } from '../../ops/operation';
import type { OpsSettings, Connections } from '../../ops/connections';
import { defaultNoticeRules } from '../../rules/notices';
import { systemClock } from '../../rules/clock';
import { inStockholm } from '../../rules/calendar/stockholm';
import { openDatabase, type RawDatabase } from '../api/helpers';
import { openCase, patientWrites } from '../support/cases';
import { createClinic, nextMobile, type TestClinic, type TestMeeting } from '../support/clinic';
import { testKeys } from '../support/keys';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';

let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let connections: Connections;
let folder: string;
beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service, { noticeRules: { ...defaultNoticeRules, quietHours: null } });
  raw = await openDatabase(service);
  folder = mkdtempSync(path.join(tmpdir(), 'vardmote-ops-'));
  const { records, client, temporal, taskQueue } = service;
  const settings: Partial<OpsSettings> = {
    ELKS_URL: service.elksUrl,
    ELKS_USERNAME: 'user',
    ELKS_PASSWORD: 'pass',
    SMS_SENDER: 'Vardmote',
    MAIL_URL: service.mailUrl,
    MAIL_FROM: 'Digitala möten <no-reply@example.com>',
    FIELD_KEYS: testKeys.fieldKeys,
    PAYLOAD_KEYS: testKeys.payloadKeys,
    WORKFLOW_BUNDLE: process.env.TEST_WORKFLOW_BUNDLE,
  };
  connections = {
    settings: settings as OpsSettings,
    database: await createConnection(
      process.env.TEST_MONGODB_URI?.replace('DATABASE', taskQueue) ?? '',
    ).asPromise(),
    records,
    client,
    temporal,
    taskQueue,
    clock: systemClock,
    webUi: { url: 'https://ui.example', namespace: 'test' },
    close: () => Promise.resolve(),
  };
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await connections.database.close();
  await raw.close();
  await service.close();
});

/** Runs the command as an operator writes it, and answers with what it said. */
async function ops(line: string, agrees = true): Promise<{ ok: boolean; said: string; asked: string[] }> {
  const { operation, options } = parseCommand(line.split(' '))!;
  const said: string[] = [];
  const asked: string[] = [];
  const talk: Talk = {
    say: (each) => void said.push(each),
    agree: (what) => {
      asked.push(what);
      return Promise.resolve(agrees);
    },
  };
  const ok = await operation.run(connections, options, talk);
  return { ok, said: said.join('\n'), asked };
}

const inMinutes = (minutes: number): Date =>
  new Date(Math.ceil((Date.now() + minutes * 60_000) / 60_000) * 60_000);

/** A meeting whose booking message has come to this state. */
async function meetingWith(
  mobile: string,
  state: string,
  { consent = true }: { consent?: boolean } = {},
): Promise<TestMeeting & { patientId: string; startAt: Date }> {
  const patientId = await clinic.addPatient({ mobile }, consent);
  const startAt = inMinutes(180);
  const meeting = await clinic.book({ patientId, startAt: startAt.toISOString() });
  await rowIn(meeting, state);
  // The workflow has heard of it.
  await waitUntil(
    async () => (await service.temporal.meetingStatus(meeting.meetingId)).notices,
    ([booking]) => booking?.state === 'done',
  );
  return { ...meeting, patientId, startAt };
}
const rowIn = (meeting: TestMeeting, state: string) =>
  waitUntil(
    async () => (await service.records.ledger.ofMeeting(meeting.meetingId))[0],
    (row) => row?.state === state,
  );
const AS = '--operator anna';
const WHY = '--reason test';

describe('the command line', () => {
  it.each([
    ['no-such-thing', 'no operation'],
    ['explain', 'which meeting'],
    ['explain m1', '--operator NAME'],
    ['nudge m1 --operator anna', '--reason TEXT'],
    ['explain m1 extra --operator anna', 'takes no extra'],
    ['find --no-such-option', 'no-such-option'],
  ])('%s is refused, with what is missing and how it is used', (line, missing) => {
    expect(() => parseCommand(line.split(' '))).toThrow(WronglyCalled);
    expect(() => parseCommand(line.split(' '))).toThrow(missing);
    expect(() => parseCommand(line.split(' '))).toThrow('npm run ops --');
  });

  it('takes a workflow’s id for its meeting’s', () => {
    expect(parseCommand(['explain', 'meeting-abc', '--operator', 'anna'])?.options.meetingId).toBe('abc');
    // As some terminals give it, letters and marks apart (D2).
    for (const operator of ['A\u030asa Ek', '\u200bÅsa\u00a0Ek'])
      expect(parseCommand(['explain', 'meeting-abc', '--operator', operator])?.options.operator).toBe(
        'Åsa Ek',
      );
    expect(parseCommand(['--help'])).toBeNull();
  });

  it('takes ids that begin with a dash', () => {
    const id = '-abcdefghijklmnopqrs_-';
    const about = ['--operator', 'anna', '--reason', 'test'];
    const row = `${id}:1:booking:p`;
    expect(parseCommand(['resend', id, '--row', row, ...about])?.options).toMatchObject({
      meetingId: id,
      rows: [row],
    });
    expect(parseCommand(['find', '--clinic', id, ...about])?.options.clinic).toBe(id);
  });
});

it('R8.2 find lists a clinic’s meetings around a time and on a day, and is recorded', async () => {
  const meeting = await meetingWith(nextMobile(), 'delivered');
  const local = inStockholm(meeting.startAt);
  const around = await ops(
    `find --clinic ${clinic.clinicId} --at ${local.toFormat("yyyy-MM-dd'T'HH:mm")} ${AS}`,
  );
  expect(around.said).toContain(`${local.toFormat('yyyy-MM-dd HH:mm')}  ${meeting.meetingId}  booked`);
  const day = await ops(`find --clinic ${clinic.clinicId} --day ${local.toISODate()} ${AS}`);
  expect(day.said).toContain(meeting.meetingId);
  const none = await ops(`find --clinic ${clinic.clinicId} --day 2001-01-01 ${AS}`);
  expect([none.ok, none.said]).toEqual([false, 'No meeting of this clinic then.']);
  const rows = await raw.audit({ operation: 'ops.find', clinicId: clinic.clinicId });
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatchObject({ actor: 'operator', actorId: 'anna', allowed: true });
});

it('R3.4, R2.7 explain says in one page why somebody did not get in and what became of each notice, and names nobody', async () => {
  const mobile = nextMobile();
  const meeting = await meetingWith(mobile, 'delivered');
  await clinic.call('POST', `${meeting.path}/entry`, {
    body: { participantId: meeting.patientParticipantId, identityChecked: 'known-to-staff' },
    headers: { 'idempotency-key': undefined },
  });
  await service.records.decodes.note({
    at: new Date('2026-11-23T08:00:00Z'),
    who: 'administrator-1',
    namespace: 'test',
    workflowIds: [`meeting-${meeting.meetingId}`],
    payloads: 2,
    refused: null,
  });
  const { ok, said } = await ops(`explain meeting-${meeting.meetingId} ${AS}`);
  expect(ok).toBe(true);
  expect(said).toContain('READ IN THE WEB UI BY\n  administrator-1, last 2026-11-23 09:00');
  expect(said).toMatch(/WAS NOT LET IN\n.* patient, once: too-early, consent-missing .* -> come again/);
  expect(said).toMatch(
    /recipient \d: delivered by SMS \(delivery-report\) \[planned .*, handing-over .*, sent .*, delivered/,
  );
  expect(said).toMatch(/WORKFLOW\n {2}running, \d+ events, something is due/);
  expect(said).not.toContain('the database is behind');
  // What was given is not waited for any more, though the row was written before it.
  expect(said).toContain('the time of the soon notice');
  expect(said).not.toContain('the time of the booking notice');
  expect(said).toContain(`https://ui.example/namespaces/test/workflows/meeting-${meeting.meetingId}`);
  for (const personal of [mobile, 'Tolvan', 'Testperson', meeting.patientId])
    expect(said).not.toContain(personal);
  const [row] = await raw.audit({ operation: 'ops.explain', subjectId: meeting.meetingId });
  expect(row).toMatchObject({ actor: 'operator', actorId: 'anna', personId: meeting.patientId });
  await expect(ops(`explain nobodys ${AS}`)).rejects.toThrow('There is no meeting nobodys.');
});

it('R8.2, R8.3 explain and find tell of a message case too, and nothing of what was written', async () => {
  const patientId = await clinic.addPatient({}, false);
  const of = await openCase(clinic, patientId, { subject: 'Utslaget', text: 'Hur mår du nu?' });
  // What the patient answers before it goes is not told.
  await waitUntil(
    () => service.records.ledger.ofCase(of.caseId, 1),
    ([row]) => row?.state === 'no-consent',
  );
  await patientWrites(service, systemClock, clinic, of, 'Det kliar.');
  for (const id of [of.caseId, `case-${of.caseId}`]) {
    const { ok, said } = await ops(`explain ${id} ${AS}`);
    expect(ok).toBe(true);
    expect(said).toMatch(
      /^MESSAGE CASE .*\nwaiting-for-reply, .* 1 messages from the patient’s side, 1 from staff/,
    );
    expect(said).toMatch(/WAITS FOR\n {2}a reply to what came .* -> staff reply/);
    expect(said).toMatch(/notice 1 to recipient 1: no-consent/);
    expect(said).toContain(`https://ui.example/namespaces/test/workflows/case-${of.caseId}`);
    for (const personal of ['Utslaget', 'Hur mår', 'kliar', 'Testperson', patientId])
      expect(said).not.toContain(personal);
  }
  const found = await ops(`find --clinic ${clinic.clinicId} --cases ${AS}`);
  expect(found.said).toMatch(new RegExp(`^[\\d-]+ [\\d:]+ {2}${of.caseId} {2}waiting-for-reply$`, 'm'));
  const rows = await raw.audit({ operation: 'ops.explain', subjectId: of.caseId });
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({ actor: 'operator', actorId: 'anna', personId: patientId });
});

it('nudge tells the workflow all facts as they are now, once it is agreed to', async () => {
  const meeting = await meetingWith(nextMobile(), 'delivered');
  const told = async (): Promise<number> => {
    const { events } = await service.client.workflow.getHandle(`meeting-${meeting.meetingId}`).fetchHistory();
    return events!.filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  };
  const before = await told();
  expect((await ops(`nudge ${meeting.meetingId} ${AS} ${WHY}`, false)).ok).toBe(false);
  expect(await told()).toBe(before);
  expect(await raw.audit({ operation: 'ops.nudge', subjectId: meeting.meetingId })).toEqual([]);
  expect((await ops(`nudge ${meeting.meetingId} ${AS} ${WHY}`)).ok).toBe(true);
  const { facts } = await service.records.meetings.get(meeting.meetingId);
  expect(Object.keys(facts).sort()).toEqual(['deliveries', 'gates', 'presence', 'refusals']);
  expect(await told()).toBe(before + 4);
  const [row] = await raw.audit({ operation: 'ops.nudge', subjectId: meeting.meetingId });
  expect(row).toMatchObject({ actor: 'operator', actorId: 'anna', reason: 'test' });
});

describe('resend', () => {
  it('R2.7 tries again what surely was not sent, once, and nobody gets it twice', async () => {
    const mobile = nextMobile();
    service.faults.set([{ fault: 'refusal', to: mobile, count: 1 }]);
    const meeting = await meetingWith(mobile, 'failed');
    expect(service.sentTo(mobile)).toHaveLength(0);
    const declined = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`, false);
    expect(declined.said).toMatch(/booking to recipient \d: failed \(http-403\): can be tried again/);
    expect((await rowIn(meeting, 'failed'))?.state).toBe('failed');
    const { ok, asked } = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`);
    expect([ok, asked.length]).toEqual([true, 1]);
    await rowIn(meeting, 'delivered');
    expect(service.sentTo(mobile)).toHaveLength(1);
    const again = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`);
    expect([again.ok, again.asked]).toEqual([false, []]);
    expect(again.said).toContain('no, it was sent');
    expect(service.sentTo(mobile)).toHaveLength(1);
    // Each look at it, also the one that was declined.
    expect(await raw.audit({ operation: 'ops.resend', subjectId: meeting.meetingId })).toHaveLength(3);
  });

  it('R2.7 refuses what the provider has taken, though it was told as failed', async () => {
    const mobile = nextMobile();
    service.faults.set([{ fault: 'report-failed', to: mobile }]);
    const meeting = await meetingWith(mobile, 'failed');
    const { ok, said } = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`);
    expect([ok, said.split('\n')[0]]).toEqual([
      false,
      expect.stringContaining('says that it did not arrive; it is not sent again') as string,
    ]);
    expect(service.sentTo(mobile)).toHaveLength(1);
  });

  it('R2.2 refuses what was not sent on purpose', async () => {
    const mobile = nextMobile();
    const meeting = await meetingWith(mobile, 'no-consent', { consent: false });
    const { ok, said } = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`);
    expect([ok, said.split('\n')[0]]).toEqual([
      false,
      expect.stringContaining('no, it was not sent on purpose') as string,
    ]);
    expect(service.sentTo(mobile)).toEqual([]);
  });

  it('offers nothing that the meeting’s workflow would refuse: of one that is cancelled, or whose workflow has ended', async () => {
    const mobile = nextMobile();
    service.faults.set([{ fault: 'refusal', to: mobile, count: 2 }]);
    const meeting = await meetingWith(mobile, 'failed');
    await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'clinic' } });
    await waitUntil(
      async () => (await service.records.meetings.get(meeting.meetingId)).course.closed,
      (isClosed) => isClosed,
    );
    const { ok, said, asked } = await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`);
    expect(said).toMatch(/booking to recipient \d: failed \(http-403\): no, the meeting is cancelled/);
    expect(said).toMatch(
      /cancellation to recipient \d: failed \(http-403\): no, the meeting’s workflow has ended/,
    );
    expect(said).toContain('Nothing can be sent again.');
    expect([ok, asked]).toEqual([false, []]);
    expect(service.sentTo(mobile)).toEqual([]);
  });

  it('R2.2 a consent that has been withdrawn since stands: it is looked at anew', async () => {
    const mobile = nextMobile();
    service.faults.set([{ fault: 'refusal', to: mobile, count: 1 }]);
    const meeting = await meetingWith(mobile, 'failed');
    await clinic.call('PUT', `/clinic/people/${meeting.patientId}/sms-consent`, {
      body: { given: false, source: 'asked' },
    });
    expect((await ops(`resend ${meeting.meetingId} ${AS} ${WHY}`)).ok).toBe(true);
    await rowIn(meeting, 'no-consent');
    expect(service.sentTo(mobile)).toEqual([]);
  });
});

it('history is exported without a word in the clear, and replays', async () => {
  const meeting = await meetingWith(nextMobile(), 'delivered');
  const file = path.join(folder, 'history.binpb');
  expect((await ops(`history ${meeting.meetingId} --file ${file} ${AS}`)).ok).toBe(true);
  const text = readFileSync(file, 'latin1');
  expect(text).toContain(`meeting-${meeting.meetingId}`);
  expect(text).not.toContain('doorOpensAt');
  // What is there is not written over.
  await expect(ops(`history ${meeting.meetingId} --file ${file} ${AS}`)).rejects.toThrow('EEXIST');
  expect(await ops(`replay --file ${file}`)).toMatchObject({ ok: true });
  expect((await ops(`replay ${meeting.meetingId} ${AS}`)).said).toMatch(/replays: \d+ events/);
});

describe('check', () => {
  it('looks at all that the service depends on, and sends nothing', async () => {
    const sent = service.outbox.messages().length;
    const { ok, said } = await ops('check');
    expect(said).not.toContain('WRONG');
    expect(ok).toBe(true);
    expect(said.split('\n')).toHaveLength(12);
    expect(service.outbox.messages()).toHaveLength(sent);
    expect(service.mailbox.messages()).toEqual([]);
  });

  it('F7 names a meeting whose workflow was terminated', async () => {
    const { meetingId } = await meetingWith(nextMobile(), 'delivered');
    await service.client.workflow.getHandle(meetingWorkflowId(meetingId)).terminate('a test');
    const { said } = await waitUntil(
      () => ops('check'),
      ({ ok }) => !ok,
    );
    expect(said).toMatch(new RegExp(`WRONG meetings: 1 meetings have lost their workflow.*${meetingId}`));
    const closed = await service.records.meetings.get(meetingId);
    await saveMeeting(service.records, closedWithoutWorkflow(closed.course), new Date());
    expect((await ops('check')).said).toContain('ok    meetings: ');
  });

  it('says what is wrong, and goes on with the rest', async () => {
    const { settings } = connections;
    connections.settings = {
      ...settings,
      ELKS_PASSWORD: 'another',
      MAIL_URL: 'smtp://127.0.0.1:9?tls=off',
      PAYLOAD_KEYS: testKeys.fieldKeys,
    };
    const { ok, said } = await ops('check').finally(() => (connections.settings = settings));
    expect(ok).toBe(false);
    expect(said).toContain('WRONG 46elks: it refuses ELKS_USERNAME and ELKS_PASSWORD');
    expect(said).toContain('WRONG mail server: it does not take us');
    expect(said).toContain('WRONG keys: PAYLOAD_KEYS do not open');
    expect(said).toContain('ok    MongoDB');
  });

  it('says that the clocks differ', async () => {
    const { clock } = connections;
    connections.clock = { now: () => new Date(Date.now() + 60_000) };
    const { ok, said } = await ops('check').finally(() => (connections.clock = clock));
    expect(ok).toBe(false);
    expect(said).toMatch(
      /WRONG clock: this host and the database are (60|59)\.\d s apart; do both follow NTP/,
    );
  });
});

it('links lead to the ready lists, of one clinic where asked', async () => {
  const { said } = await ops(`links --clinic ${clinic.clinicId}`);
  expect(said).toContain('Starts within the hour with a form missing');
  expect(said).toContain(encodeURIComponent(`ClinicId = "${clinic.clinicId}"`));
});
