import { dayInStockholm } from '../../api/helpers';
import { replyDeadlines } from '../../../platform/metrics';
import { replyClock } from '../../../rules/calendar/reply-clock';
import { defaultCaseRules } from '../../../rules/case';
import { defaultNoticeRules } from '../../../rules/notices';
import { caseWorkflowId } from '../../../temporal/ids';
import { openCase, patientWrites, type TestCase } from '../../support/cases';
import { nextMobile } from '../../support/clinic';
import { keepHistory } from '../../support/histories';
import { startSkippedTime, type SkippedTime } from '../../support/skipped-time';
import { waitUntil } from '../../support/wait-until';

/** The life of message cases over the whole service with time skipped (rules 6). */
const STAFF = 'mottagningen@example.com';
const MANAGER = 'chefen@example.com';
const caseRules = { ...defaultCaseRules, staffEmails: [STAFF], managerEmails: [MANAGER] };

let time: SkippedTime;
beforeAll(async () => {
  time = await startSkippedTime({
    caseRules,
    // A message is told of at once, so that a test says when; its night is tested by itself.
    noticeRules: { ...defaultNoticeRules, quietHours: null },
  });
});
afterAll(async () => {
  for (const [name, caseId] of branches) await keepHistory(time.service, name, caseWorkflowId(caseId));
  await time.close();
});

/** A history of each branch is kept at a release, for replay. */
const branches = new Map<string, string>();

const clock = { now: () => time.now() };
const minutesAfter = (at: string, minutes: number): Date => new Date(Date.parse(at) + minutes * 60_000);

interface ShownCase {
  state: string;
  reply: { deadlineAt: string; aimAt: string; breachedAt: string | null } | null;
  lastReply: { inTime: boolean } | null;
  breaches: number;
  documentation: { state: string; reminders: number } | null;
}

const read = async ({ path }: TestCase): Promise<ShownCase> =>
  (await time.clinic.call('GET', path)).body as ShownCase;
const untilRead = (of: TestCase, holds: (read: ShownCase) => boolean): Promise<ShownCase> =>
  waitUntil(() => read(of), holds);

const reply = (of: TestCase, text = 'Det ser bra ut.') =>
  time.clinic.call('POST', `${of.path}/messages`, { body: { text } });

/** What a mailbox got about a case, by when. */
const mails = (address: string, { caseId }: TestCase): string[] =>
  time.service
    .mailedTo(address)
    .filter(({ text }) => text.includes(caseId))
    .map(({ subject }) => subject);

async function eventsOf({ caseId }: TestCase): Promise<string[]> {
  const { items } = await time.service.records.events.list({
    clinicId: time.clinic.clinicId,
    from: null,
    until: null,
    state: null,
    cursor: null,
    limit: 10_000,
  });
  return items
    .filter(({ subject }) => subject === caseId)
    .sort((one, other) => one.sequence - other.sequence)
    .map(({ type }) => type);
}

/** How many reply deadlines this process has seen come to that. */
const deadlines = async (result: string): Promise<number> =>
  (await replyDeadlines.get()).values.find(({ labels }) => labels.result === result)?.value ?? 0;

const tasksOf = async ({ caseId }: TestCase): Promise<string[]> =>
  (await time.service.records.tasks.ofCase(caseId)).map(
    ({ kind, state, reminders, overdue }) => `${kind} ${state} ${reminders}${overdue ? ' overdue' : ''}`,
  );

/** A case that the clinic has opened and in which the patient has written; and the clock that it started. */
async function waitingCase(
  branch: string,
): Promise<TestCase & { deadlineAt: string; opensAt: string; warnedAt: string }> {
  const of = await openCase(time.clinic, await time.clinic.addPatient());
  branches.set(`case-${branch}`, of.caseId);
  const { status } = await patientWrites(time.service, clock, time.clinic, of, 'Det kliar fortfarande.');
  expect(status).toBe(201);
  const { reply: due } = await read(of);
  const [opens, before] = replyClock(time.now(), caseRules).warnings;
  return { ...of, deadlineAt: due!.deadlineAt, opensAt: opens!.at, warnedAt: before!.at };
}

it('R6.1–R6.4 opened → waiting → warned → breached → told → answered → closed → documented → ended', async () => {
  const one = await waitingCase('breached');
  expect(await read(one)).toMatchObject({ state: 'waiting-for-reply', breaches: 0 });

  await time.passTo(minutesAfter(one.opensAt, -1));
  expect([mails(STAFF, one), mails(MANAGER, one)]).toEqual([[], []]);
  await time.passTo(minutesAfter(one.opensAt, 1));
  await waitUntil(
    () => mails(STAFF, one),
    (sent) => sent.length === 1,
  );
  await time.passTo(minutesAfter(one.warnedAt, -1));
  expect(mails(STAFF, one)).toHaveLength(1);
  await time.passTo(minutesAfter(one.warnedAt, 1));
  await waitUntil(
    () => mails(STAFF, one),
    (sent) => sent.length === 2,
  );
  expect(await tasksOf(one)).toEqual(['reply-due open 2']);

  await time.passTo(minutesAfter(one.deadlineAt, -1));
  expect((await read(one)).breaches).toBe(0);
  await time.passTo(minutesAfter(one.deadlineAt, 1));
  const breached = await untilRead(one, ({ breaches }) => breaches === 1);
  expect(breached.reply).toMatchObject({ breachedAt: one.deadlineAt });
  // R6.3: counted when it happens.
  expect(await deadlines('breached')).toBe(1);
  expect(await time.service.records.cases.waitingInAll()).toEqual({ inTime: 0, overdue: 1 });
  expect(await eventsOf(one)).toContain('case.breached');
  expect(await tasksOf(one)).toEqual(['reply-due open 2 overdue']);
  // R6.3: recorded at midnight, told when the clinic opens.
  const [first, second] = replyClock(minutesAfter(one.opensAt, -2 * 24 * 60), caseRules).tellManagerAt;
  expect(Date.parse(first!)).toBeGreaterThan(Date.parse(one.deadlineAt));
  await time.passTo(minutesAfter(first!, -1));
  expect(mails(MANAGER, one)).toEqual([]);
  await time.passTo(minutesAfter(first!, 1));
  await waitUntil(
    () => mails(MANAGER, one),
    (sent) => sent.length === 1,
  );
  await time.passTo(minutesAfter(second!, 1));
  await waitUntil(
    () => mails(MANAGER, one),
    (sent) => sent.length === 2,
  );
  expect(mails(STAFF, one)).toHaveLength(2);

  expect((await reply(one)).status).toBe(201);
  expect(await read(one)).toMatchObject({
    state: 'answered',
    reply: null,
    lastReply: { inTime: false },
    breaches: 1,
  });
  expect(await tasksOf(one)).toEqual(['reply-due done 0']);
  const [task] = await time.service.records.tasks.ofCase(one.caseId);
  expect(task).toMatchObject({ doneBy: 'clinician-1', meetingId: null, caseId: one.caseId });

  expect((await time.clinic.call('POST', `${one.path}/close`)).body).toMatchObject({
    state: 'closed',
    documentation: { state: 'waiting', reminders: 0 },
  });
  // R6.4: staff are reminded at each opening until it is done.
  await time.passMinutes(4 * 24 * 60);
  await untilRead(one, ({ documentation }) => documentation!.reminders > 0);
  expect((await tasksOf(one))[1]).toMatch(/^document-contact open [1-4]$/);
  const contactOn = dayInStockholm(time.now().toISOString());
  const documented = await time.clinic.call('POST', `${one.path}/documentation`, { body: { contactOn } });
  expect(documented.body).toMatchObject({
    documented: { by: 'clinician-1', contactOn, picturesHandled: null },
  });
  await untilRead(one, ({ state }) => state === 'ended');
  expect((await tasksOf(one))[1]).toMatch(/^document-contact done/);
  const workflow = time.service.client.workflow.getHandle(caseWorkflowId(one.caseId));
  await waitUntil(
    async () => (await workflow.describe()).status.name,
    (status) => status === 'COMPLETED',
  );
  expect((await reply(one)).body).toMatchObject({ title: 'ended' });
  const events = await eventsOf(one);
  expect(events.filter((type) => type.startsWith('case.'))).toEqual([
    'case.opened',
    'case.message',
    'case.message',
    'case.deadline-near',
    'case.deadline-near',
    'case.breached',
    'case.answered',
    'case.message',
    'case.closed',
    'case.documented',
  ]);
});

it('R6.3 answered in time, nobody is told of anything more; what the patient writes then starts a new clock', async () => {
  const one = await waitingCase('answered');
  await time.passTo(minutesAfter(one.opensAt, 1));
  await waitUntil(
    () => mails(STAFF, one),
    (sent) => sent.length === 1,
  );
  expect((await reply(one, 'Kan du skicka en bild?')).status).toBe(201);
  expect(await read(one)).toMatchObject({
    state: 'answered',
    reply: null,
    lastReply: { inTime: true },
    breaches: 0,
  });
  await time.passTo(minutesAfter(one.deadlineAt, 24 * 60));
  expect([mails(STAFF, one).length, mails(MANAGER, one).length]).toEqual([1, 0]);
  expect(await eventsOf(one)).not.toContain('case.breached');

  await patientWrites(time.service, clock, time.clinic, one, 'Ja, i morgon.');
  const again = await read(one);
  expect(again.state).toBe('waiting-for-reply');
  expect(again.reply!.deadlineAt).toBe(replyClock(time.now(), caseRules).deadlineAt);
  expect((await tasksOf(one)).sort()).toEqual(['reply-due done 0', 'reply-due open 0']);
});

it('R6.2 a reply that we received before the deadline and could not pass on until after it is in time', async () => {
  const one = await waitingCase('held-up');
  await time.passTo(minutesAfter(one.deadlineAt, -2));
  const { records, temporal } = time.service;
  // Received a second before midnight and stored; carried out only later, as after an outage of Temporal.
  const held = await records.commands.accept(
    'a-held-up-reply',
    {
      clinicId: time.clinic.clinicId,
      operation: 'case.write',
      actor: { kind: 'staff', staffId: 'clinician-1', role: 'clinician' },
      reason: null,
      params: { caseId: one.caseId },
      body: { text: 'Strax före midnatt.', fileIds: [], asksForMore: false },
    },
    minutesAfter(one.deadlineAt, -1 / 60),
  );
  expect(held.kind).toBe('carry-out');
  // Longer than its lease: somebody else takes it over then, as the reconciler of the test's workers does.
  await time.passTo(minutesAfter(one.deadlineAt, 3));
  const answered = await untilRead(one, ({ reply: due }) => due === null);
  expect(answered).toMatchObject({ state: 'answered', breaches: 0, lastReply: { inTime: true } });
  expect(await eventsOf(one)).not.toContain('case.breached');
  expect((await temporal.caseStatus(one.caseId)).breaches).toBe(0);
});

describe('R6.8 notices to the patient', () => {
  const sent = (number: string): string[] => time.service.sentTo(number).map(({ message }) => message);

  it('one for each burst: again when the patient has read, or half an hour has passed', async () => {
    const mobile = nextMobile();
    const of = await openCase(time.clinic, await time.clinic.addPatient({ mobile }));
    branches.set('case-bursts', of.caseId);
    await waitUntil(
      () => sent(mobile),
      (all) => all.length === 1,
    );
    expect(sent(mobile)[0]).toMatch(
      /^Hej! Du har ett nytt meddelande\. Läs mer: https:\/\/mote\.example\/m\/\S+$/,
    );
    await reply(of, 'En sak till.');
    await time.passMinutes(5);
    expect(sent(mobile)).toHaveLength(1);
    await time.passMinutes(30);
    await reply(of, 'Och en till.');
    await waitUntil(
      () => sent(mobile),
      (all) => all.length === 2,
    );
    await patientWrites(time.service, clock, time.clinic, of, 'Tack!');
    await reply(of, 'Varsågod.');
    await waitUntil(
      () => sent(mobile),
      (all) => all.length === 3,
    );
    // R2.3, R6.8: never what it says, nor to or from whom.
    expect(sent(mobile).join()).not.toMatch(/sak|Varsågod|Testperson|Testmottagningen|Uppföljning/);
  });

  it('R2.10 one who was not told is to be called: a task', async () => {
    const of = await openCase(time.clinic, await time.clinic.addPatient({}, false));
    await waitUntil(
      () => tasksOf(of),
      (tasks) => tasks.length === 1,
    );
    expect(await tasksOf(of)).toEqual(['nobody-reached open 0']);
    const rows = await time.service.records.ledger.ofCase(of.caseId, 1);
    expect(rows).toMatchObject([{ kind: 'new-message', state: 'no-consent', occasion: 1 }]);
  });

  it('R2.11 by e-mail to one who prefers that', async () => {
    const email = 'patient@example.org';
    const patientId = await time.clinic.addPatient({ email, noticesBy: 'email' });
    await openCase(time.clinic, patientId);
    const [mail] = await waitUntil(
      () => time.service.mailedTo(email),
      (all) => all.length === 1,
    );
    expect(mail).toMatchObject({ subject: 'Nytt meddelande' });
  });
});
