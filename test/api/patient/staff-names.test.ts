import { decodeJwt } from 'jose';
import { createClinic, testSettings, type TestClinic } from '../../support/clinic';
import { loggedIn, testPeople, type Visitor } from '../../support/patient';
import type { Service } from '../../support/service';
import { addStaff } from '../../support/staff';
import { waitUntil } from '../../support/wait-until';
import { DAY, inMs, MINUTE, testClock, type RawDatabase } from '../helpers';
import { ownCase } from './case-pages';
import { pageOf, startForPatient } from './my-pages';

/** R8.7 patients see staff by the name that they show, and by title; nobody else hears of either (R2.3). */
const clock = testClock();
const shown = 'Anna Ek, fysioterapeut';
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let patientId: string;
let mobile: string;
let browser: Visitor;

beforeAll(async () => {
  ({ service, clinic, raw, patientId } = await startForPatient(clock, {
    noticeRules: { ...testSettings.noticeRules, quietHours: null },
  }));
  ({ mobile } = (await clinic.call('GET', `/clinic/people/${patientId}`)).body as { mobile: string });
  // Staff can be protected too: what they show is another name than their own.
  await addStaff(service, clinic, {
    id: 'S001',
    name: 'Hemlig Egennamn',
    shownName: 'Anna Ek',
    title: 'fysioterapeut',
    staffIds: ['other-id', 'clinician-1'],
  });
  const elsewhere = await createClinic(service);
  await addStaff(service, elsewhere, { id: 'S002', name: 'Annan Klinik', staffIds: ['clinician-2'] });
  browser = await loggedIn(service, testPeople.patient);
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

const bookAt = (startAt: string, ...staffIds: string[]) =>
  clinic.book({
    patientId,
    startAt,
    participants: staffIds.map((staffId) => ({ role: 'staff', staffId })),
  });
const text = async (path: string): Promise<string> => (await browser.get(path)).text;

describe('R8.7 whom one meets', () => {
  it('stands on my meeting and in the waiting room, by the name that is shown and the title', async () => {
    const meeting = await bookAt(inMs(3 * DAY), 'clinician-1');
    for (const page of [pageOf(meeting), pageOf(meeting, '/room')]) {
      const html = await text(page);
      expect([page, html]).toEqual([page, expect.stringContaining(shown)]);
      expect(html).toContain('Testmottagningen');
      expect(html).not.toMatch(/Hemlig|Egennamn|clinician-1|other-id/);
    }
  });

  it('is the clinic where no record tells, and others beside those whom one tells', async () => {
    const unknown = await bookAt(inMs(4 * DAY), 'clinician-2');
    expect(await text(pageOf(unknown))).toContain('Vårdpersonal på Testmottagningen');
    const room = await text(pageOf(unknown, '/room'));
    expect(room).toContain('Testmottagningen');
    for (const html of [await text(pageOf(unknown)), room])
      expect(html).not.toMatch(/clinician-2|Annan Klinik/);
    const both = await text(pageOf(await bookAt(inMs(5 * DAY), 'clinician-1', 'clinician-2')));
    expect(both).toContain(shown);
    expect(both).toContain('Annan vårdpersonal');
  });

  it('stands in no SMS, no e-mail and no calendar file (R2.3)', async () => {
    const meeting = await bookAt(inMs(6 * DAY), 'clinician-1');
    await waitUntil(
      () => service.sentTo(mobile),
      (messages) => messages.length > 0,
    );
    const file = await text(pageOf(meeting, '/calendar.ics'));
    expect(file).toContain('BEGIN:VCALENDAR');
    for (const sent of [file, ...service.sentTo(mobile).map((each) => JSON.stringify(each))])
      expect(sent).not.toMatch(/Anna|Ek,|fysioterapeut|Hemlig/);
  });
});

describe('R8.7 who writes', () => {
  it('stands at each message of a case; the clinic where no record tells', async () => {
    const mine = await ownCase(service, clinic, patientId);
    const html = await text(mine.my);
    expect(html).toContain(`data-who="${shown}"`);
    expect(html).not.toMatch(/Hemlig|clinician-1/);
    const assigned = { staffId: 'clinician-2', from: 'clinician-1' };
    await clinic.call('PUT', `${mine.path}/assignment`, { body: assigned, role: 'operations-manager' });
    const written = await clinic.call('POST', `${mine.path}/messages`, {
      body: { text: 'Jag tar över svaret.', fileIds: [], asksForMore: false },
      role: 'operations-manager',
      staffId: 'clinician-2',
      reason: 'ersätter en kollega',
    });
    expect(written.status).toBe(201);
    expect(await text(mine.my)).toContain('data-who="Testmottagningen"');
  });

  it('stands at each message of a meeting’s chat, also of one who has left the meeting since', async () => {
    const meeting = await bookAt(inMs(5 * MINUTE), 'clinician-1');
    const written = await clinic.call('POST', `${meeting.path}/chat`, {
      body: { text: 'Jag är strax där.', fileIds: [], asksForMore: false },
    });
    expect(written.status).toBe(201);
    for (const page of ['/chat', '/room'])
      expect(await text(pageOf(meeting, page))).toContain(`data-who="${shown}"`);
    const keyNow = async (): Promise<unknown> =>
      (JSON.parse(await text(pageOf(meeting, '/room/status'))) as { key: unknown }).key;
    const key = await keyNow();
    expect(await keyNow()).toEqual(key);
    const taken = await clinic.call('POST', `${meeting.path}/take-over`, {
      body: { from: 'clinician-1', to: 'clinician-2', reason: 'absent' },
    });
    expect(taken.status).toBe(200);
    const html = await text(pageOf(meeting, '/chat'));
    expect(html).toContain(`data-who="${shown}"`);
    // Who waits at the door has the page anew, and reads whom they meet now.
    expect(await keyNow()).not.toEqual(key);
    expect(await text(pageOf(meeting))).not.toContain(shown);
  });
});

it('R8.7 the room’s token has the shown name of staff, and never a patient’s', async () => {
  const meeting = await bookAt(inMs(5 * MINUTE), 'clinician-1', 'clinician-2');
  const { body: read } = await clinic.call('GET', meeting.path);
  const { participants } = read as { participants: { participantId: string; staffId: string | null }[] };
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  await clinic.confirmReady(meeting);
  const nameFor = async (staffId: string, participantId: string): Promise<unknown> => {
    const { body } = await clinic.call('POST', `${meeting.path}/entry`, {
      body: { participantId, identityChecked: 'known-to-staff' },
      staffId,
    });
    const { context } = decodeJwt<{ context: { user: { name: string } } }>(
      (body as { room: { token: string } }).room.token,
    );
    return context.user.name;
  };
  const placeOf = (staffId: string): string =>
    participants.find((each) => each.staffId === staffId)!.participantId;
  expect(await nameFor('clinician-1', placeOf('clinician-1'))).toBe(shown);
  expect(await nameFor('clinician-2', placeOf('clinician-2'))).toBe('staff');
  expect(await nameFor('clinician-1', meeting.patientParticipantId)).toBe('patient');
});
