import { standInScanner } from '../../support/scanner';
import { smallPdf } from '../../support/cases';
import { createClinic, suitable, type TestClinic, type TestMeeting } from '../../support/clinic';
import { formIn, loggedIn, testPeople, type Shown, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { cookiesOf, write, type SentFile } from '../patient/case-pages';
import { bornYearsAgo, DAY, inMs, MINUTE, openDatabase, type RawDatabase } from '../helpers';
import { picture } from '../threads';
import { atDesk, stateReason, type AtDesk } from './case-desk';

/** Staff's files in the chat of a call, on the desk (R4.4): as in a case, without leaving the room. */
let service: Service;
let clinic: TestClinic;
let raw: RawDatabase;
let nurse: AtDesk;
let doctor: AtDesk;
beforeAll(async () => {
  service = await startService({ scanner: standInScanner });
  clinic = await createClinic(service, { doorOpensMinutesBefore: 60 });
  raw = await openDatabase(service);
  nurse = await atDesk(service, clinic, { id: 'S001' });
  doctor = await atDesk(service, clinic, { id: 'S002' });
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

interface Booked extends TestMeeting {
  patientId: string;
  chat: string;
}
async function book({ person = {}, startAt = inMs(10 * MINUTE), child = false } = {}): Promise<Booked> {
  const patientId = await clinic.addPatient({ mobile: undefined, ...person }, false);
  const meeting = await clinic.book({
    patientId,
    startAt,
    participants: [{ role: 'staff', staffId: nurse.staffId }],
    suitability: suitable({ child }),
  });
  return { ...meeting, patientId, chat: `/desk/meetings/${meeting.meetingId}/room/chat` };
}
const messages = ({ meetingId }: Booked) => service.records.messages.list(meetingId, 0, 10);
const post = (
  { chat }: Booked,
  page: Shown,
  fields: Record<string, string | string[]>,
  files: SentFile[] = [],
  { browser }: AtDesk = nurse,
): Promise<Shown> => write(browser, page, chat, { do: 'send', ...fields }, files);
const fetchFile = (browser: Visitor, path: string) =>
  fetch(`${service.apiUrl}${path}`, { headers: { cookie: cookiesOf(browser) } });
const attachedIn = ({ text }: Shown): string => /name="attached" value="([\w-]{22})"/.exec(text)?.[1] ?? '';

it('R4.4, R8.1 a picture is made anew, shown small, sent beside the video, and read by both; each is logged', async () => {
  const of = await book({ person: { personalNumber: testPeople.patient, birthDate: undefined } });
  // The form stands in the room's own page, and on the page of the chat for who has no script.
  const room = await nurse.browser.get(of.chat.replace('/chat', ''));
  expect(room.text).toMatch(/<div class="scripted">[^]*<form[^>]*enctype="multipart\/form-data"/);
  const added = await post(of, room, { text: 'Så här.', do: 'attach' }, [await picture()]);
  expect(added.status).toBe(200);
  expect(added.text).toContain('>Så här.</textarea>');
  expect(await messages(of)).toEqual([]);
  const fileId = attachedIn(added);
  const file = `${of.chat}/files/${fileId}`;
  expect(added.text).toContain(`src="${file}/preview"`);
  expect((await fetchFile(nurse.browser, `${file}/preview`)).headers.get('content-type')).toBe('image/jpeg');
  expect(await raw.audit({ operation: 'meeting.add-file', subjectId: of.meetingId })).toMatchObject([
    { staffId: nurse.staffId, personId: of.patientId, allowed: true, loggedIn: true },
  ]);

  // Not sent yet: the patient sees nothing of it.
  const patient = await loggedIn(service, testPeople.patient);
  const theirs = `/my/meetings/${of.patientParticipantId}/chat`;
  expect((await fetchFile(patient, `${theirs}/files/${fileId}`)).status).toBe(404);
  for (let times = 0; times < 2; times += 1) {
    const sent = await post(of, added, { text: 'Så här.', attached: fileId });
    expect(sent.location).toBe(`${of.chat}/sent`);
  }
  expect(await messages(of)).toMatchObject([{ writtenBy: nurse.staffId, text: 'Så här.' }]);
  const shown = await nurse.browser.get(`${of.chat}/sent`);
  expect(shown.text).toContain(`href="${file}"`);
  expect(shown.text).toMatch(/<span data-says="sent" class="done">/);
  expect((await patient.get(theirs)).text).toContain(`${theirs}/files/${fileId}`);
  const read = await fetchFile(patient, `${theirs}/files/${fileId}`);
  expect(Object.fromEntries(read.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'content-disposition': expect.stringMatching(/^attachment; filename="?Utslag.jpg/) as string,
  });
  expect(Buffer.from(await read.arrayBuffer()).includes('Kameratillverkaren')).toBe(false);
});

it('R4.4 staff see what the patient has attached, with a preview, and a file alone is a message', async () => {
  const of = await book({ person: { personalNumber: testPeople.relative, birthDate: undefined } });
  const patient = await loggedIn(service, testPeople.relative);
  const theirs = `/my/meetings/${of.patientParticipantId}/chat`;
  const sent = await write(patient, await patient.get(theirs), theirs, { do: 'send' }, [await picture()]);
  expect(sent.location).toBe(`${theirs}/sent`);
  const { text } = await nurse.browser.get(`${of.chat}/news`);
  const [, preview = ''] = /src="([^"]+\/preview)"/.exec(text) ?? [];
  expect(preview).toMatch(new RegExp(`^${of.chat}/files/[\\w-]{22}/preview$`));
  expect((await fetchFile(nurse.browser, preview)).status).toBe(200);
  expect(await raw.audit({ operation: 'meeting.read-file', subjectId: of.meetingId })).toMatchObject([
    { staffId: nurse.staffId, personId: of.patientId },
  ]);
  const pdf = { name: 'Råd.pdf', type: 'application/pdf', content: smallPdf };
  expect((await post(of, await nurse.browser.get(of.chat), {}, [pdf])).location).toBe(`${of.chat}/sent`);
  expect((await messages(of)).at(-1)).toMatchObject({ writtenBy: nurse.staffId, text: null });
});

it.each([
  ['is malware', { name: 'a.pdf', type: 'application/pdf', content: `${smallPdf}MALWARE` }, 'virus'],
  ['is another thing than it says', { name: 'a.jpg', type: 'image/jpeg', content: smallPdf }, 'inte det som'],
  ['is of no kind we take', { name: 'a.html', type: 'text/html', content: '<p>' }, 'av en sort'],
])('R4.4 a file that %s is refused, nothing is sent, and the text stays', async (_what, file, told) => {
  const of = await book();
  const answer = await post(of, await nurse.browser.get(of.chat), { text: 'Se bilagan.' }, [file]);
  expect(answer.status).toBe(422);
  expect(answer.text).toContain(told);
  expect(answer.text).toContain('>Se bilagan.</textarea>');
  expect(await messages(of)).toEqual([]);
  expect(await service.records.files.countUnsent(of.meetingId, nurse.staffId)).toBe(0);
});

it('R8.1 nobody’s files are kept who may not write there: other staff, and the manager who only reads', async () => {
  const of = await book();
  const page = await nurse.browser.get(of.chat);
  const { csrf = '' } = formIn(await doctor.browser.get('/desk/today'), '/desk/logout');
  const forged = await post(of, page, { text: 'x', csrf }, [await picture()], doctor);
  expect(forged.status).toBe(403);
  const manager = await atDesk(service, clinic, { id: 'V001', roles: ['operations-manager'] });
  const reads = await stateReason(manager.browser, of.chat);
  expect([reads.status, reads.text.includes('enctype="multipart/form-data"')]).toEqual([200, false]);
  const own = formIn(reads, '/desk/logout').csrf ?? '';
  const refused = await post(of, page, { text: 'Hej', csrf: own }, [await picture()], manager);
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('Bara den som deltar skriver i chatten.');
  expect(await messages(of)).toEqual([]);
  for (const { staffId } of [doctor, manager])
    expect(await service.records.files.countUnsent(of.meetingId, staffId)).toBe(0);
});

it('R8.1 a file waits for its own meeting and its own sender alone', async () => {
  const [of, other] = [await book(), await book()];
  const added = await post(of, await nurse.browser.get(of.chat), { do: 'attach' }, [await picture()]);
  const fileId = attachedIn(added);
  const elsewhere = await post(other, await nurse.browser.get(other.chat), { text: 'x', attached: fileId });
  expect(elsewhere.status).toBe(422);
  expect(elsewhere.text).toContain('finns inte kvar');
  expect(await messages(other)).toEqual([]);
  expect((await fetchFile(nurse.browser, `${other.chat}/files/${fileId}`)).status).toBe(404);
});

it('R4.4 before the door opens and after the meeting nothing is taken: what was written stands there to be copied', async () => {
  const early = await book({ startAt: inMs(2 * DAY) });
  const of = await book();
  const open = await nurse.browser.get(of.chat);
  expect((await nurse.browser.get(early.chat)).text).not.toContain('enctype="multipart/form-data"');
  // As from a page of a time that has been moved.
  const moved = { ...open, text: open.text.replaceAll(of.chat, early.chat) };
  const tooEarly = await post(early, moved, { text: 'För tidigt' }, [await picture()]);
  expect(tooEarly.status).toBe(409);
  await clinic.call('POST', `${of.path}/cancel`, { body: { by: 'clinic' } });
  const late = await post(of, open, { text: 'Hann inte' }, [await picture()]);
  expect(late.status).toBe(409);
  expect(late.text).toContain('>Hann inte</textarea>');
  for (const { meetingId } of [early, of])
    expect(await service.records.files.countUnsent(meetingId, nurse.staffId)).toBe(0);
});

it('R7.6 where the patient is under 18 the page of the chat says what one never asks', async () => {
  const child = await book({ person: { birthDate: bornYearsAgo(15) }, child: true });
  expect((await nurse.browser.get(child.chat)).text).toContain('Fråga aldrig barn och unga');
});

it('R8.1 of another clinic’s staff the chat and its files are unknown', async () => {
  const of = await book();
  const elsewhere = await createClinic(service);
  const stranger = await staffVisitor(service, await addStaff(service, elsewhere, { id: 'L001' }));
  expect((await stranger.get(`${of.chat}/sent`)).status).toBe(404);
  expect((await stranger.get(`${of.chat}/files/${'a'.repeat(22)}`)).status).toBe(404);
});
