import { registry } from '../../../platform/metrics';
import { linkCode } from '../../../integrations/sms/link';
import { isSignOfTry } from '../../../rules/gates';
import { meetingWorkflowId } from '../../../temporal/ids';
import { DAY, HOUR, inMs, MINUTE, openDatabase, testClock, type RawDatabase } from '../helpers';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { logInFrom, passProvider, testIdentityProvider } from '../../support/identity-provider';
import { testKeys } from '../../support/keys';
import { CO_ORDINATION_NUMBER, loggedIn, testPeople, visitor, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { linkTo, startForLogins } from './login-by-link';

/**
 * What is kept of a login: that the patient tried, and why one who came by a link did not come through (R5.6,
 * R3.4).
 */
const clock = testClock();
const provider = testIdentityProvider();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let meeting: TestMeeting;
let link: string;

beforeAll(async () => {
  ({ service, clinic, meeting, link } = await startForLogins(clock, provider));
  raw = await openDatabase(service);
});
afterEach(() => {
  clock.release();
  provider.setAway(false);
  provider.challengeAt(null);
});
afterAll(async () => {
  provider.close();
  await raw.close();
  await service.close();
});

const open = (): Visitor => visitor(service.apiUrl);

describe('R5.6 a login is a sign that the patient tried', () => {
  it('when the meeting is near, and not days before', async () => {
    const patientId = (await clinic.call('GET', meeting.path)).body.patientId as string;
    const near = await clinic.book({ patientId, startAt: inMs(1 * HOUR) });
    await logInFrom(open(), link, testPeople.patient);
    expect(await service.records.evidence.refusedEntries(near.meetingId)).toMatchObject([
      { reasons: ['logged-in'], role: 'patient', participantId: near.patientParticipantId },
    ]);
    // It is no refused entry.
    expect(await registry.metrics()).not.toContain('reason="logged-in"');
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toEqual([]);
  });

  it('also where it came to nothing: stopped, not for a personal number, in another browser, or unanswered', async () => {
    const patientId = (await clinic.call('GET', meeting.path)).body.patientId as string;
    const signs = async (come: (link: string) => Promise<unknown>) => {
      const near = await clinic.book({ patientId, startAt: inMs(1 * HOUR) });
      await come(await linkTo(service, near, near.patientParticipantId));
      const found = await service.records.evidence.refusedEntries(near.meetingId);
      return found.map(({ participantId, reasons }) => {
        expect(participantId).toBe(near.patientParticipantId);
        return reasons;
      });
    };
    const begin = async (path: string) => {
      const browser = open();
      return { browser, begun: await browser.post(path) };
    };
    const stopped = await signs(async (path) => {
      const { browser, begun } = await begin(path);
      await browser.get(await passProvider(begun, null));
    });
    expect(stopped).toEqual([['login-required']]);
    expect(await signs((path) => logInFrom(open(), path, CO_ORDINATION_NUMBER))).toEqual([
      ['login-required'],
    ]);
    const elsewhere = await signs(async (path) => {
      const { begun } = await begin(path);
      await open().get(await passProvider(begun, testPeople.patient));
    });
    expect(elsewhere).toEqual([['login-required']]);
    const unanswered = await signs(async (path) => {
      const { browser, begun } = await begin(path);
      const answer = await passProvider(begun, testPeople.patient);
      provider.setAway(true);
      await browser.get(answer);
      provider.setAway(false);
    });
    expect(unanswered).toEqual([['technical-fault']]);
    // A1: who was sent on to the login and never came back was here all the same.
    expect(await signs(begin)).toEqual([['login-begun']]);
  });

  it('A2 also where the provider answers 401 with a challenge: a failed login, warned of, and the try is kept', async () => {
    const patientId = (await clinic.call('GET', meeting.path)).body.patientId as string;
    const near = await clinic.book({ patientId, startAt: inMs(1 * HOUR) });
    const browser = open();
    const begun = await browser.post(await linkTo(service, near, near.patientParticipantId));
    const answer = await passProvider(begun, testPeople.patient);
    provider.challengeAt('/identity/token');
    const before = service.logLines.length;
    const shown = await browser.get(answer);
    expect([shown.status, shown.text]).toEqual([403, expect.stringContaining('lyckades inte')]);
    expect(browser.cookies.has('vardmote-session')).toBe(false);
    const warned = service.logLines.slice(before).filter((line) => line.includes('a login failed'));
    expect(warned).toEqual([expect.stringContaining('"level":40')]);
    expect(warned[0]).toContain('"reason":"challenged"');
    expect(await service.records.evidence.refusedEntries(near.meetingId)).toMatchObject([
      { reasons: ['login-required'], participantId: near.patientParticipantId },
    ]);
  });

  it('A1 and where a limit kept somebody from the page behind their link', async () => {
    const limited = await startService({ workers: false, clock, limits: { openPages: 2, logins: 1 } });
    try {
      const there = await createClinic(limited);
      const near = await there.book({ patientId: await there.addPatient(), startAt: inMs(1 * HOUR) });
      const far = await there.book({ patientId: await there.addPatient(), startAt: inMs(3 * DAY) });
      const code = linkCode(testKeys.linkKeys, near.patientParticipantId);
      const farCode = linkCode(testKeys.linkKeys, far.patientParticipantId);
      for (const [key, { meetingId, patientParticipantId }] of [
        [code, near],
        [farCode, far],
      ] as const)
        await limited.records.links.save(key, { meetingId, participantId: patientParticipantId });
      const browser = visitor(limited.apiUrl);
      const statuses: number[] = [];
      for (const path of [`/m/${code}`, `/m/${code}`, `/m/${code}`, `/m/${farCode}`, '/m/nobodys'])
        statuses.push((await browser.get(path)).status);
      expect(statuses).toEqual([200, 200, 429, 429, 429]);
      const signs = await waitUntil(
        () => limited.records.evidence.refusedEntries(near.meetingId),
        (all) => all.length > 0,
      );
      expect(signs).toMatchObject([
        { reasons: ['too-many-requests'], participantId: near.patientParticipantId, role: 'patient' },
      ]);
      expect(await limited.records.evidence.refusedEntries(far.meetingId)).toEqual([]);
    } finally {
      await limited.close();
    }
  });

  it('A1 and it is written when the database is back, of the time at which it was', async () => {
    const patientId = (await clinic.call('GET', meeting.path)).body.patientId as string;
    const near = await clinic.book({ patientId, startAt: inMs(1 * HOUR) });
    const away = jest
      .spyOn(service.records.meetings, 'findByParticipant')
      .mockRejectedValue(new Error('away'));
    const browser = await loggedIn(service, testPeople.patient);
    expect((await browser.get(`/my/meetings/${near.patientParticipantId}`)).status).toBe(500);
    const triedAt = clock.now().toISOString().slice(0, 16);
    clock.passMs(2 * MINUTE);
    expect(away.mock.calls.length).toBeGreaterThan(0);
    away.mockRestore();
    const signs = await waitUntil(
      () => service.records.evidence.refusedEntries(near.meetingId),
      (all) => all.length > 0,
    );
    expect(signs).toMatchObject([{ reasons: ['technical-fault'] }]);
    expect(signs[0]!.at.slice(0, 16)).toBe(triedAt);
  });

  it('R7.5 also by one with protected data, whom the clinic has to let in by hand', async () => {
    const other = await createClinic(service);
    const patientId = await other.addPatient(
      { personalNumber: testPeople.patient, birthDate: undefined, protectedIdentity: true },
      false,
    );
    const near = await other.book({ patientId, startAt: inMs(1 * HOUR) });
    const browser = open();
    const shown = await logInFrom(
      browser,
      await linkTo(service, near, near.patientParticipantId),
      testPeople.patient,
    );
    expect((await browser.get(shown.location ?? '')).status).toBe(403);
    expect(await service.records.evidence.refusedEntries(near.meetingId)).toMatchObject([
      { reasons: ['not-entitled'], participantId: near.patientParticipantId },
    ]);
  });
});

describe('R3.4 why one who came by a link did not come through the login is kept, and shown in the Web UI', () => {
  let near: TestMeeting;
  let nearLink: string;
  const refused = async () =>
    (await service.records.evidence.refusedEntries(near.meetingId)).map(({ role, reasons }) => [
      role,
      ...reasons,
    ]);
  /** How often the meeting's workflow was told to look. */
  const told = async (): Promise<number> => {
    const { events } = await service.client.workflow
      .getHandle(meetingWorkflowId(near.meetingId))
      .fetchHistory();
    return events!.filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  };
  const bookFor = async (patientId: string, participants: object[] = []): Promise<void> => {
    near = await clinic.book({
      patientId,
      startAt: inMs(1 * HOUR),
      participants: [{ role: 'staff', staffId: 'clinician-1' }, ...participants],
    });
    nearLink = await linkTo(service, near, near.patientParticipantId);
  };
  beforeEach(async () => bookFor((await clinic.call('GET', meeting.path)).body.patientId as string));

  it('somebody else’s login, which is no sign of the patient’s', async () => {
    await logInFrom(open(), nearLink, testPeople.stranger);
    expect(await refused()).toEqual([['patient', 'another-login']]);
    expect(await told()).toBe(1);
    expect(isSignOfTry(['another-login'])).toBe(false);
    expect(JSON.stringify(await raw.db.collection('refusedEntries').find().toArray())).not.toContain(
      testPeople.stranger,
    );
  });

  it.each([
    ['without any number', {}],
    ['by a reserve number', { personalNumber: '19810829M071', birthDate: undefined }],
  ])(
    'R5.6 R7.4 the login of one whom the clinic knows %s, which can be the patient’s own',
    async (_, known) => {
      await bookFor(await clinic.addPatient(known));
      await logInFrom(open(), nearLink, testPeople.stranger);
      expect(await refused()).toEqual([['patient', 'not-entitled']]);
      expect(isSignOfTry(['not-entitled'])).toBe(true);
    },
  );

  it('a login without a personal number, and a provider that does not answer', async () => {
    await logInFrom(open(), nearLink, CO_ORDINATION_NUMBER);
    expect(await refused()).toEqual([['patient', 'login-required']]);
    const browser = open();
    const answer = await passProvider(await browser.post(nearLink), testPeople.patient);
    provider.setAway(true);
    await browser.get(answer);
    expect(await refused()).toEqual([
      ['patient', 'login-required'],
      ['patient', 'technical-fault'],
    ]);
    expect(await told()).toBe(2);
    expect(isSignOfTry(['technical-fault'])).toBe(true);
  });

  it('not where the login cannot have been for it', async () => {
    await logInFrom(open(), link, testPeople.stranger);
    expect(await refused()).toEqual([]);
    expect(await service.records.evidence.refusedEntries(meeting.meetingId)).toEqual([]);
  });
});
