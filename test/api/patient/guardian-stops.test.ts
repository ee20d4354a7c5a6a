import { createSettleOutcome } from '../../../activities/meeting/settle-outcome';
import { patientRoutes } from '../../../api/patient/routes';
import { linkCode } from '../../../integrations/sms/link';
import { defaultCaseRules } from '../../../rules/case';
import { togetherNow } from '../../../use-cases/meeting/presence';
import { usesChat } from '../../../use-cases/thread/read';
import { asPerson, openCase } from '../../support/cases';
import {
  bookingOf,
  createClinic,
  nextMobile,
  ofChild,
  testSettings,
  type TestClinic,
} from '../../support/clinic';
import { readOf } from '../../support/desk-forms';
import { testKeys } from '../../support/keys';
import { formIn, loggedIn, testPeople, type Visitor } from '../../support/patient';
import { roomOf } from '../../support/room';
import type { Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { bornYearsAgo, DAY, expectProblem, inMs, MINUTE, testClock, type RawDatabase } from '../helpers';
import { cookiesOf, own, startForCases, texts, write } from './case-pages';

/**
 * Staff stop a guardian of a child (R7.3): at each door that guardian sees what a stranger sees, and hears nothing
 * (R7.10). The other guardian and the child are as before.
 */
const clock = testClock();
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;

beforeAll(async () => {
  ({ service, raw } = await startForCases(clock));
});
beforeEach(async () => {
  clinic = await createClinic(service, {
    caseRules: { ...defaultCaseRules, patientsMayOpen: true },
    doorOpensMinutesBefore: 60,
    noticeRules: { ...testSettings.noticeRules, quietHours: null },
  });
  childId = await clinic.addPatient({ personalNumber: testPeople.child, birthDate: undefined });
  guardianMobile = nextMobile();
  guardianId = await clinic.addPatient({
    personalNumber: testPeople.guardian,
    birthDate: undefined,
    mobile: guardianMobile,
  });
  otherId = await clinic.addPatient({ personalNumber: testPeople.relative, birthDate: undefined });
});
afterEach(() => clock.release());
afterAll(async () => {
  await raw.close();
  await service.close();
});

let childId: string;
let guardianId: string;
let guardianMobile: string;
let otherId: string;

const stop = (body: object = {}, of = childId) =>
  clinic.call('POST', `/clinic/people/${of}/guardian-stops`, {
    body: { guardianId, reason: 'Efter samtal med barnet', ...body },
  });
const lift = (of = childId) =>
  clinic.call('POST', `/clinic/people/${of}/guardian-stops/lift`, { body: { guardianId } });

const guardians = () => [guardianId, otherId];

/** A meeting of the child with both guardians; the participants' ids by whose they are. */
async function book(startAt = inMs(3 * DAY), ofGuardian = 'guardian') {
  const { status, body } = await clinic.call('POST', '/clinic/meetings', {
    body: bookingOf(
      ofChild(
        childId,
        startAt,
        { role: ofGuardian, personId: guardianId },
        { role: 'guardian', personId: otherId },
      ),
    ),
  });
  expect(status).toBe(201);
  const { meetingId, participants } = body as {
    meetingId: string;
    participants: { personId: string | null; role: string; participantId: string }[];
  };
  const place = (personId: string): string =>
    participants.find((each) => each.personId === personId)!.participantId;
  const staff = participants.find(({ role }) => role === 'staff')!.participantId;
  return {
    meetingId,
    path: `/clinic/meetings/${meetingId}`,
    child: place(childId),
    guardian: place(guardianId),
    other: place(otherId),
    staff,
  };
}
const my = (participantId: string, page = ''): string => `/my/meetings/${participantId}${page}`;
const json = { accept: 'application/json' };

/** Every page of one's own meeting that is opened and not posted. */
const meetingPages = patientRoutes({} as Parameters<typeof patientRoutes>[0])
  .filter(({ method, subject }) => method === 'get' && subject === 'participant')
  .map(({ path }) => path.replace('/my/meetings/{participantId}', ''))
  .filter((page) => !page.includes('{'));

describe('meetings', () => {
  it('R7.3 R7.10 at each page a stopped guardian sees what a stranger sees, word by word; others see theirs', async () => {
    const meeting = await book();
    const [browser, stranger, other] = [
      await loggedIn(service, testPeople.guardian),
      await loggedIn(service, testPeople.stranger),
      await loggedIn(service, testPeople.relative),
    ];
    expect((await browser.get(my(meeting.guardian))).status).toBe(200);
    expect((await stop()).status).toBe(200);

    expect(meetingPages.length).toBeGreaterThan(10);
    for (const page of meetingPages) {
      const shown = await browser.get(my(meeting.guardian, page));
      const strange = await stranger.get(my(meeting.guardian, page));
      expect([page, shown.status, readOf(shown)]).toEqual([page, strange.status, readOf(strange)]);
      const asked = await browser.get(my(meeting.guardian, page), json);
      expect([page, asked.status, asked.text.includes('not-yours')]).toEqual([page, 404, true]);
    }
    const shown = await browser.get(my(meeting.guardian));
    expect(shown.text).not.toContain('Testmottagningen');
    const list = await browser.get('/my');
    expect(list.text).not.toContain(meeting.guardian);
    expect(readOf(list)).not.toMatch(/stopp/i);

    // The other guardian and the child are as before.
    expect((await other.get(my(meeting.other))).status).toBe(200);
    expect((await other.get('/my')).text).toContain(meeting.other);
    expect((await (await loggedIn(service, testPeople.child)).get(my(meeting.child))).status).toBe(200);

    expect((await lift()).status).toBe(200);
    expect((await browser.get(my(meeting.guardian))).status).toBe(200);
    expect((await browser.get('/my')).text).toContain(meeting.guardian);
  });

  it('R7.3 what a page that was open before posts is done by nobody', async () => {
    const meeting = await book();
    const browser = await loggedIn(service, testPeople.guardian);
    const posts: [string, string, Record<string, string>][] = [
      ['/consent', '/consent', { given: 'yes' }],
      ['/change/cancel', '/change/cancel', { sure: 'yes' }],
      ['/no-entry', '/no-entry', {}],
    ];
    const open = await Promise.all(posts.map(([page]) => browser.get(my(meeting.guardian, page))));
    await stop();
    const commands = await raw.db.collection('commands').countDocuments();
    for (const [index, [, action, fields]] of posts.entries()) {
      const answer = await browser.submit(open[index]!, my(meeting.guardian, action), fields);
      expect([action, answer.status]).toEqual([action, 404]);
    }
    const { csrf = '' } = formIn(open[0]!, my(meeting.guardian, '/consent'));
    const enter = await browser.post(my(meeting.guardian, '/room/entry'), { csrf }, json);
    expect([enter.status, enter.text]).toEqual([404, expect.stringContaining('not-yours')]);
    expect(await raw.db.collection('commands').countDocuments()).toBe(commands);
    const { course } = await service.records.meetings.get(meeting.meetingId);
    expect(course.outcome).toBeNull();
    const child = (await clinic.call('GET', `/clinic/people/${childId}`)).body;
    expect(child).toMatchObject({ careHistoryConsent: null });
  });

  it('R7.3 nobody lets a stopped guardian in, and a link leads to what a stranger sees', async () => {
    await clinic.call('PUT', `/clinic/people/${childId}/care-history-consent`, {
      body: { given: true, givenBy: 'person' },
    });
    const meeting = await book(inMs(10 * MINUTE));
    await clinic.confirmReady({ path: meeting.path } as never);
    const entry = async (participantId: string) =>
      (
        await clinic.call('POST', `${meeting.path}/entry`, {
          body: { participantId, identityChecked: 'known-to-staff' },
        })
      ).body as { admitted: boolean; reasons: string[] };
    expect(await entry(meeting.guardian)).toMatchObject({ admitted: true });
    await stop();
    expect(await entry(meeting.guardian)).toMatchObject({ admitted: false, reasons: ['not-entitled'] });
    expect(await entry(meeting.other)).toMatchObject({ admitted: true });
    const link = `/m/${linkCode(testKeys.linkKeys, meeting.guardian)}`;
    const [browser, stranger] = [
      await loggedIn(service, testPeople.guardian),
      await loggedIn(service, testPeople.stranger),
    ];
    const [shown, strange] = [await browser.get(link), await stranger.get(link)];
    expect([shown.status, shown.location]).toEqual([strange.status, strange.location]);
    await lift();
    expect(await entry(meeting.guardian)).toMatchObject({ admitted: true });
  });

  it('R5.6 R7.3 who is in the room when stopped is nobody’s presence from then on, and staff meet the child', async () => {
    const meeting = await book(inMs(10 * MINUTE));
    const room = await roomOf(service, meeting.meetingId);
    await room.joined(meeting.guardian, clock.now());
    clock.passMs(10_000);
    await stop();
    clock.passMs(10_000);
    await room.joined(meeting.staff, clock.now());
    const together = async () =>
      togetherNow(service.records, await service.records.meetings.get(meeting.meetingId), clock.now());
    await waitUntil(
      () => service.records.evidence.stays(meeting.meetingId, 1),
      (stays) => stays.length === 2,
    );
    const settle = createSettleOutcome({ records: service.records, clock });
    const settled = () => settle({ meetingId: meeting.meetingId, startVersion: 1, letIn: [] });
    expect(await together()).toBe('not-yet');
    // Whoever was the patient's side came, and met nobody while they were it.
    expect(await settled()).toMatchObject({ outcome: 'unclear', together: 'not-yet' });
    await room.joined(meeting.other, clock.now());
    await waitUntil(
      () => service.records.evidence.stays(meeting.meetingId, 1),
      (stays) => stays.length === 3,
    );
    clock.passMs(10_000);
    expect(await together()).toBe('in-the-room');
    expect(await settled()).toMatchObject({ outcome: 'completed', together: 'in-the-room' });
  });

  it('R7.3 the chat is not read or written, by whatever role the stopped one was booked in', async () => {
    const meeting = await book(inMs(10 * MINUTE), 'relative');
    const room = await roomOf(service, meeting.meetingId);
    await room.joined(meeting.guardian, clock.now());
    const deps = { records: service.records, clock };
    const actor = { kind: 'relative', personId: guardianId } as const;
    const may = async () =>
      usesChat(deps, await service.records.meetings.get(meeting.meetingId), actor, clock.now());
    await waitUntil(may, (yes) => yes);
    await stop();
    expect(await may()).toBe(false);
    const chat = (kind: 'guardian' | 'relative', personId: string) =>
      asPerson(service, clock, {
        clinicId: clinic.clinicId,
        actor: { kind, personId },
        operation: 'meeting.write-chat',
        params: { meetingId: meeting.meetingId },
        body: { text: 'Hej', fileIds: [] },
      });
    expect((await chat('relative', guardianId)).status).toBe(403);
    expect((await chat('guardian', otherId)).status).toBe(201);
    expect((await (await loggedIn(service, testPeople.guardian)).get(my(meeting.guardian))).status).toBe(404);
  });

  it('R7.3 is not booked again, as whatever they would come; another child’s guardian they stay', async () => {
    await stop();
    const refused = async (role: string) => {
      const answer = await clinic.call('POST', '/clinic/meetings', {
        body: bookingOf(ofChild(childId, inMs(3 * DAY), { role, personId: guardianId })),
      });
      const { title } = answer.body as { title: string };
      return [title, ...expectProblem(answer, 422).map(({ field }) => field)];
    };
    for (const role of ['guardian', 'relative', 'guest'])
      expect(await refused(role)).toEqual(['guardian-stopped', '/body/participants/1/personId']);
    const sister = await clinic.addPatient({ birthDate: bornYearsAgo(5) });
    const booked = await clinic.call('POST', '/clinic/meetings', {
      body: bookingOf(ofChild(sister, inMs(3 * DAY), { role: 'guardian', personId: guardianId })),
    });
    expect(booked.status).toBe(201);
    const { participants } = booked.body as { participants: { personId: string; participantId: string }[] };
    const place = participants.find(({ personId }) => personId === guardianId)!.participantId;
    expect((await (await loggedIn(service, testPeople.guardian)).get(my(place))).status).toBe(200);
    await lift();
    await book();
  });
});

it('R2.10 R7.3 where only the stopped guardian had heard of a meeting, staff are to call or write', async () => {
  const alone = await clinic.addPatient({ birthDate: bornYearsAgo(8), mobile: undefined }, false);
  const { meetingId } = await clinic.book(
    ofChild(alone, inMs(3 * DAY), { role: 'guardian', personId: guardianId }),
  );
  const open = async () =>
    (await service.records.tasks.ofMeeting(meetingId)).filter(({ state }) => state === 'open');
  await waitUntil(
    () => service.sentTo(guardianMobile).length,
    (count) => count === 1,
  );
  await waitUntil(
    async () => (await service.records.ledger.ofMeeting(meetingId)).map(({ state }) => state).sort(),
    ([first, second]) => first === 'no-consent' && (second === 'sent' || second === 'delivered'),
  );
  await waitUntil(open, (tasks) => tasks.length === 0);
  await stop({}, alone);
  expect(await open()).toMatchObject([{ kind: 'nobody-reached', because: ['no-phone-number'] }]);
});

it('R7.3 holds at the clinic that recorded it: at another one the same guardian acts for the same child', async () => {
  await stop();
  const elsewhere = await createClinic(service);
  const there = {
    child: await elsewhere.addPatient({ personalNumber: testPeople.child, birthDate: undefined }),
    guardian: await elsewhere.addPatient({ personalNumber: testPeople.guardian, birthDate: undefined }),
  };
  const { body } = await elsewhere.call('POST', '/clinic/meetings', {
    body: bookingOf(ofChild(there.child, inMs(3 * DAY), { role: 'guardian', personId: there.guardian })),
  });
  const { participants } = body as { participants: { role: string; participantId: string }[] };
  const place = participants.find(({ role }) => role === 'guardian')!.participantId;
  const browser = await loggedIn(service, testPeople.guardian);
  expect((await browser.get(my(place))).status).toBe(200);
  expect((await elsewhere.call('GET', `/clinic/people/${there.child}`)).body.guardianStops).toEqual([]);
});

it('R4.2 R7.3 a stopped guardian who answers an invitation without a name is not approved', async () => {
  const { body } = await clinic.call('POST', '/clinic/meetings', {
    body: bookingOf(ofChild(childId, inMs(3 * DAY), { role: 'guest', personId: null })),
  });
  const { meetingId, participants } = body as {
    meetingId: string;
    participants: { role: string; participantId: string }[];
  };
  const { participantId } = participants.find(({ role }) => role === 'guest')!;
  const { claims, transaction } = service.records;
  await claims.arrive({ clinicId: clinic.clinicId, meetingId, participantId }, 'a-login');
  const { claimId } = (await claims.own(participantId, 'a-login'))!;
  const identity = { kind: 'personal-number' as const, number: testPeople.guardian };
  await transaction((session) => claims.ask(claimId, { identity, name: 'Vera' }, inMs(0), session));
  await stop();
  const decide = () =>
    clinic.call('POST', `/clinic/meetings/${meetingId}/participants/${participantId}/claim`, {
      body: { claimId, approved: true },
    });
  const refused = await decide();
  expectProblem(refused, 409);
  expect(refused.body).toMatchObject({ title: 'guardian-stopped' });
  const bound = async () =>
    (await service.records.meetings.get(meetingId)).participants.find(({ role }) => role === 'guest')!
      .personId;
  expect(await bound()).toBeNull();
  await lift();
  expect((await decide()).status).toBe(200);
  expect(await bound()).toBe(guardianId);
});

describe('message cases', () => {
  const opened = () => openCase(clinic, childId, { guardianIds: guardians() });
  const placeOf = async (caseId: string, personId: string) => {
    const { participants } = await service.records.cases.get(caseId);
    return `/my/cases/${participants.find((each) => each.personId === personId)!.participantId}`;
  };

  it('R7.3 R7.10 are no stopped guardian’s to read, write or list; the other guardian’s they stay', async () => {
    const of = await own(service, opened(), 'guardian');
    const browser = await loggedIn(service, testPeople.guardian);
    const other = await loggedIn(service, testPeople.relative);
    const mine = await placeOf(of.caseId, guardianId);
    const page = await browser.get(mine);
    expect((await write(browser, page, mine, { text: 'Före' })).status).toBe(303);
    const late = await browser.get(mine);
    await stop();
    const before = await texts(service, of);
    const stranger = await loggedIn(service, testPeople.stranger);
    for (const address of ['', '/sent', '/status', '/events', '/news']) {
      const shown = await browser.get(`${mine}${address}`);
      expect([address, shown.status]).toEqual([address, 404]);
      expect(readOf(shown)).toBe(readOf(await stranger.get(`${mine}${address}`)));
    }
    const pdf = { name: 'a.pdf', type: 'application/pdf', content: '%PDF-1.4' };
    expect((await write(browser, late, mine, { text: 'Efter' }, [pdf])).status).toBe(404);
    const { csrf = '' } = formIn(late, mine);
    expect((await browser.post(`${mine}/draft`, { csrf, text: 'Utkast' })).status).toBe(404);
    expect(await texts(service, of)).toEqual(before);
    expect((await browser.get('/my')).text).not.toContain('Uppföljning');

    const others = await placeOf(of.caseId, otherId);
    expect((await other.get(others)).text).toContain('Före');
    await lift();
    expect((await browser.get(mine)).status).toBe(200);
  });

  it('R7.3 what was received before the stop is taken, what comes after it is not, whenever it is carried out', async () => {
    const of = await opened();
    const says = (text: string) =>
      asPerson(service, clock, {
        clinicId: clinic.clinicId,
        actor: { kind: 'guardian', personId: guardianId },
        operation: 'case.write',
        params: { caseId: of.caseId },
        body: { text, fileIds: [], asksForMore: false },
      });
    // Written while staff press: received first, and carried out when the stop holds already.
    const { find } = service.records.people;
    const pressed: number[] = [];
    Object.assign(service.records.people, {
      find: async (...args: Parameters<typeof find>) => {
        if (pressed.length === 0 && args[1] === childId) {
          pressed.push(0);
          clock.passMs(1_000);
          pressed[0] = (await stop()).status;
        }
        return find(...args);
      },
    });
    try {
      expect((await says('Hann före')).status).toBe(201);
    } finally {
      Object.assign(service.records.people, { find });
    }
    expect(pressed).toEqual([200]);
    clock.passMs(1_000);
    expect((await says('Kom efter')).status).toBe(404);
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Hann före']);
    // Lifted since: what was received while it held stays refused, what comes now is taken.
    clock.passMs(1_000);
    await lift();
    clock.passMs(1_000);
    expect((await says('Igen')).status).toBe(201);
    expect(await texts(service, of)).toEqual(['Hur går det?', 'Hann före', 'Igen']);
  });

  it('R7.3 a stopped guardian opens none for the child, and staff open none with them', async () => {
    await opened();
    const browser = await loggedIn(service, testPeople.guardian);
    const offered = async () =>
      [...(await browser.get('/my/new-case')).text.matchAll(/name="opening" value="([^"]+)"/g)].map(
        ([, value]) => value,
      );
    expect(await offered()).toContain(`guardian-${childId}`);
    const page = await browser.get('/my/new-case');
    await stop();
    expect(await offered()).not.toContain(`guardian-${childId}`);
    const fields = { opening: `guardian-${childId}`, subject: 'Fråga', text: 'Om barnet' };
    expect((await browser.submit(page, '/my/new-case', fields)).location).toBe('/my/new-case/unsent');
    const byCommand = await asPerson(service, clock, {
      clinicId: clinic.clinicId,
      actor: { kind: 'guardian', personId: guardianId },
      operation: 'case.open',
      body: { patientId: childId, guardianIds: [guardianId], subject: 'x', text: 'x', assignTo: null },
    });
    expect(byCommand.status).toBe(422);
    expect(byCommand.body).toMatchObject({ title: 'unknown-person' });
    const byStaff = await clinic.call('POST', '/clinic/cases', {
      body: {
        patientId: childId,
        guardianIds: [otherId, guardianId],
        subject: 'x',
        text: 'x',
        assignTo: null,
      },
    });
    expect([byStaff.body.title, expectProblem(byStaff, 422).map(({ field }) => field)]).toEqual([
      'guardian-stopped',
      ['/body/guardianIds/1'],
    ]);
  });

  it('R7.3 R7.10 the stream of an open page ends, untold of what comes after', async () => {
    const of = await opened();
    const mine = await placeOf(of.caseId, guardianId);
    const browser = await loggedIn(service, testPeople.guardian);
    const stream = await listen(browser, mine);
    await waitUntil(stream.keys, (keys) => keys.length === 1);
    await stop();
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Till barnet' } });
    await stream.ended;
    expect(stream.keys()).toHaveLength(1);
  });

  it('R6.8 R7.3 no message about new messages goes to a stopped guardian, and it does to the other', async () => {
    const of = await opened();
    const otherMobile = (await service.records.people.find(clinic.clinicId, otherId))!.personal.mobile!
      .number;
    await waitUntil(
      () => [service.sentTo(guardianMobile).length, service.sentTo(otherMobile).length],
      (sent) => sent.every((count) => count === 1),
    );
    const mine = await placeOf(of.caseId, otherId);
    const other = await loggedIn(service, testPeople.relative);
    await write(other, await other.get(mine), mine, { text: 'Tack' });
    await stop();
    await clinic.call('POST', `${of.path}/messages`, { body: { text: 'Nytt svar' } });
    await waitUntil(
      () => service.sentTo(otherMobile).length,
      (count) => count === 2,
    );
    expect(service.sentTo(guardianMobile)).toHaveLength(1);
  });

  async function listen(browser: Visitor, address: string) {
    const response = await fetch(`${service.apiUrl}${address}/events`, {
      headers: { cookie: cookiesOf(browser), accept: 'text/event-stream' },
    });
    let heard = '';
    const ended = (async () => {
      for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
        heard += Buffer.from(part).toString();
    })().catch(() => undefined);
    return { keys: () => heard.split('\n').filter((line) => line.startsWith('data: ')), ended };
  }
});
