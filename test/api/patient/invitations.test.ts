import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import { lapseClaimsOfEnded } from '../../../use-cases/read-models/lapsed-claims';
import { DAY, inMs, openDatabase, type RawDatabase } from '../helpers';
import { createClinic, type CallAnswer, type TestClinic } from '../../support/clinic';
import { logInFrom, testIdentityProvider } from '../../support/identity-provider';
import { testPeople, visitor, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';

/** R4.2: one who is invited without an identity waits until staff approve who it turned out to be. */
const provider = testIdentityProvider();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 1_000, identityProvider: provider.startFor });
  clinic = await createClinic(service);
  raw = await openDatabase(service);
});
afterAll(async () => {
  provider.close();
  await raw.close();
  await service.close();
});

interface Invited {
  path: string;
  patientId: string;
  participantId: string;
  link: string;
}

/** A meeting with a guest whom nobody knows yet, and the link that the clinic hands over. */
async function invite(): Promise<Invited> {
  const patientId = await clinic.addPatient({ name: 'Hemlig Patientsson' });
  const { path } = await clinic.book({
    patientId,
    startAt: inMs(3 * DAY),
    participants: [{ role: 'staff', staffId: 'clinician-1' }, { role: 'guest' }],
  });
  const { participants } = (await clinic.call('GET', path)).body as {
    participants: { role: string; participantId: string }[];
  };
  const { participantId } = participants.find(({ role }) => role === 'guest')!;
  const { link } = (await clinic.call('GET', `${path}/participants/${participantId}/link`)).body as {
    link: string;
  };
  return { path, patientId, participantId, link: new URL(link).pathname };
}

/** Comes with the link and says who they are; answers with the browser. */
async function comeAs(
  { link, participantId }: Invited,
  personalNumber: string,
  ask = true,
): Promise<Visitor> {
  const browser = visitor(service.apiUrl);
  const shown = await logInFrom(browser, link, personalNumber);
  expect(shown.location).toBe(`/my/invitations/${participantId}`);
  const page = await browser.get(shown.location!);
  expect(page.text).not.toMatch(/Testmottagningen|Patientsson|010-000 00 11/);
  if (ask) await browser.submit(page, shown.location!);
  return browser;
}
const claimsOf = async ({ path }: Invited) =>
  ((await clinic.call('GET', `${path}/claims`)).body as { items: { claimId: string; state: string }[] })
    .items;
const decide = (
  { path, participantId }: Invited,
  claimId: string,
  approved: boolean,
  key?: string,
): Promise<CallAnswer> =>
  clinic.call('POST', `${path}/participants/${participantId}/claim`, {
    body: { claimId, approved },
    ...(key ? { key } : {}),
  });
const tasksOf = async ({ path }: Invited) =>
  (
    (await clinic.call('GET', `${path}/tasks`)).body as { items: { kind: string; state: string }[] }
  ).items.filter(({ kind }) => kind === 'approve-participant');

describe('an invitation without an identity', () => {
  it('tells nothing of the meeting before it is approved, and then is that person’s alone', async () => {
    const invited = await invite();
    const browser = await comeAs(invited, testPeople.relative);
    const waiting = await browser.get(`/my/invitations/${invited.participantId}`);
    expect(waiting.text).toContain('De har fått veta att du är här');
    expect((await browser.get(`/my/meetings/${invited.participantId}`)).status).toBe(403);
    expect(await claimsOf(invited)).toMatchObject([
      { state: 'asked', name: 'Kim Anhörigsson', personalNumber: testPeople.relative, role: 'guest' },
    ]);
    expect(await tasksOf(invited)).toMatchObject([{ state: 'open' }]);

    const [claim] = await claimsOf(invited);
    const answer = await decide(invited, claim!.claimId, true, 'approve-this-guest');
    expect(answer.status).toBe(200);
    expect((await decide(invited, claim!.claimId, true, 'approve-this-guest')).body).toEqual(answer.body);
    expect(await tasksOf(invited)).toMatchObject([{ state: 'done', doneBy: 'clinician-1' }]);
    const through = await browser.get(`/my/invitations/${invited.participantId}`);
    expect(through.location).toBe(`/my/meetings/${invited.participantId}`);
    const page = await browser.get(through.location!);
    expect(page.text).toContain('Testmottagningen');
    // A guest decides nothing for the patient.
    expect(page.text).not.toMatch(/\/consent|\/change|Patientsson/);
    const refused = await browser.get(`${through.location!}/consent`);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('010-000 00 11')]);
    // Who it was stands with the person now, and with the claim no more.
    expect(JSON.stringify(await raw.db.collection('claims').find().toArray())).not.toContain(
      'Kim Anhörigsson',
    );
    expect(await claimsOf(invited)).toMatchObject([{ state: 'approved', name: null, personalNumber: null }]);

    const late = visitor(service.apiUrl);
    const shown = await logInFrom(late, invited.link, testPeople.stranger);
    expect((await late.get(shown.location!)).status).toBe(404);
  });

  it('refused stays refused, and another can be approved', async () => {
    const invited = await invite();
    const wrong = await comeAs(invited, testPeople.stranger);
    const right = await comeAs(invited, testPeople.relative);
    const [first, second] = await claimsOf(invited);
    expect((await decide(invited, first!.claimId, false)).status).toBe(200);
    expect(await tasksOf(invited)).toContainEqual(expect.objectContaining({ state: 'open' }));
    expect((await decide(invited, first!.claimId, true)).status).toBe(409);
    expect((await wrong.get(`/my/invitations/${invited.participantId}`)).text).toContain('inte godkänt');
    expect((await decide(invited, second!.claimId, true)).status).toBe(200);
    expect((await right.get(`/my/meetings/${invited.participantId}`)).status).toBe(200);
    expect((await wrong.get(`/my/meetings/${invited.participantId}`)).status).toBe(404);
  });

  it('cannot be claimed without its link, and is not asked of staff before the person says so', async () => {
    const invited = await invite();
    await comeAs(invited, testPeople.relative, false);
    expect(await claimsOf(invited)).toEqual([]);
    expect(await tasksOf(invited)).toEqual([]);
    const other = visitor(service.apiUrl);
    await logInFrom(other, '/login', testPeople.stranger);
    const path = `/my/invitations/${invited.participantId}`;
    expect((await other.get(path)).status).toBe(404);
    const { text } = await other.get('/my');
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)![1]!;
    expect((await other.post(path, { csrf, formKey: 'z'.repeat(22) })).status).toBe(404);
    expect(await claimsOf(invited)).toEqual([]);
  });

  it('another’s claim, or another meeting’s, cannot be decided', async () => {
    const [one, two] = [await invite(), await invite()];
    await comeAs(one, testPeople.relative);
    const [claim] = await claimsOf(one);
    expect((await decide(two, claim!.claimId, true)).status).toBe(422);
    const other = await createClinic(service);
    const foreign = await other.call('POST', `${one.path}/participants/${one.participantId}/claim`, {
      body: { claimId: claim!.claimId, approved: true },
    });
    expect(foreign.status).toBe(404);
    expect(await claimsOf(one)).toMatchObject([{ state: 'asked' }]);
  });

  /** As whoever ends the meeting saves it: a workflow's activity, a cancellation, a restore. */
  const end = async (meetingId: string): Promise<void> => {
    const { course } = await service.records.meetings.get(meetingId);
    const outcome = {
      outcome: 'cancelled-by-clinic',
      at: new Date().toISOString(),
      decidedBy: 'cancellation',
      because: [],
    };
    const ended = {
      ...course,
      version: course.version + 1,
      state: 'ended',
      outcome,
    } as unknown as typeof course;
    await saveMeeting(service.records, ended, new Date());
  };
  const meetingIdOf = ({ path }: Invited): string => path.split('/').at(-1)!;
  const whoIsKept = async ({ participantId }: Invited): Promise<unknown[]> =>
    (await raw.db.collection('claims').find({ participantId }).toArray()).map(
      ({ sealed }) => sealed as unknown,
    );

  it('C4 R8.4 when the meeting is over, who asked is forgotten and staff are asked no more', async () => {
    const invited = await invite();
    const asked = await comeAs(invited, testPeople.relative);
    const arrived = await comeAs(invited, testPeople.stranger, false);
    const [claim] = await claimsOf(invited);
    expect(await whoIsKept(invited)).toContainEqual(expect.anything());
    await end(meetingIdOf(invited));
    // Another save of the same ended meeting finds it done.
    await end(meetingIdOf(invited));
    expect(await whoIsKept(invited)).toEqual([null, null]);
    expect(await claimsOf(invited)).toMatchObject([{ state: 'lapsed', name: null, personalNumber: null }]);
    expect(await tasksOf(invited)).toMatchObject([{ state: 'withdrawn' }]);
    const told = await raw.db
      .collection('events')
      .find({ subject: meetingIdOf(invited), type: 'task.done' })
      .toArray();
    expect(told).toHaveLength(1);

    const late = await decide(invited, claim!.claimId, true);
    expect([late.status, late.body]).toEqual([409, expect.objectContaining({ title: 'meeting-over' })]);
    const path = `/my/invitations/${invited.participantId}`;
    for (const browser of [asked, arrived])
      expect((await browser.get(path)).text).toContain('Inbjudan gäller inte längre');
    const { text } = await arrived.get('/my');
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)![1]!;
    await arrived.post(path, { csrf, formKey: 'y'.repeat(22) });
    expect(await whoIsKept(invited)).toEqual([null, null]);
    expect(await tasksOf(invited)).toHaveLength(1);
  });

  it('C4 also where a restore brought it back, or an earlier release left it', async () => {
    const [over, open] = [await invite(), await invite()];
    await comeAs(over, testPeople.relative);
    await comeAs(open, testPeople.relative);
    // As the earlier release saved it: only the meeting.
    await raw.db
      .collection('meetings')
      .updateOne({ _id: meetingIdOf(over) as never }, { $set: { state: 'ended', 'course.state': 'ended' } });
    expect(await lapseClaimsOfEnded(service.records, new Date())).toBe(1);
    expect(await lapseClaimsOfEnded(service.records, new Date())).toBe(0);
    expect([await whoIsKept(over), await tasksOf(over)]).toEqual([
      [null],
      [expect.objectContaining({ state: 'withdrawn' })],
    ]);
    expect([await claimsOf(open), await tasksOf(open)]).toMatchObject([
      [{ state: 'asked' }],
      [{ state: 'open' }],
    ]);
  });

  it('the patient cannot be the guest too', async () => {
    const patientId = await clinic.addPatient({ personalNumber: testPeople.patient, birthDate: undefined });
    const { path } = await clinic.book({
      patientId,
      startAt: inMs(3 * DAY),
      participants: [{ role: 'staff', staffId: 'clinician-1' }, { role: 'guest' }],
    });
    const { participants } = (await clinic.call('GET', path)).body as {
      participants: { role: string; participantId: string }[];
    };
    const { participantId } = participants.find(({ role }) => role === 'guest')!;
    const { link } = (await clinic.call('GET', `${path}/participants/${participantId}/link`)).body as {
      link: string;
    };
    const invited = { path, patientId, participantId, link: new URL(link).pathname };
    await comeAs(invited, testPeople.patient);
    const [claim] = await claimsOf(invited);
    const answer = await decide(invited, claim!.claimId, true);
    expect([answer.status, answer.body]).toEqual([409, expect.objectContaining({ title: 'person-twice' })]);
  });
});
