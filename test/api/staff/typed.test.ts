import { listIn } from '../../../api/staff/frame/typed';
import { refusalWords } from '../../../api/staff/take-over/shared';
import { caseWith } from './case-desk';
import { createClinic, type TestClinic } from '../../support/clinic';
import { filledForm, problemsIn, readOf } from '../../support/desk-forms';
import type { Shown, Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { addStaff, staffVisitor } from '../../support/staff';
import { inStockholm } from '../../../rules/calendar/stockholm';
import { DAY, inMs, MINUTE } from '../helpers';

/** What staff type, paste and send on the desk: told at its field, cleaned of what nobody sees, and never lost. */
let service: Service;
let clinic: TestClinic;
let desk: Visitor;
beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service, { doorOpensMinutesBefore: 60 });
  const roles = ['clinician', 'operations-manager', 'booker'] as const;
  desk = await staffVisitor(service, await addStaff(service, clinic, { id: 'T001', roles: [...roles] }));
});
afterAll(() => service.close());

async function book(startAt = inMs(3 * DAY), reference: string | null = null, formIds: string[] = []) {
  const patientId = await clinic.addPatient();
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  const participants = [{ role: 'staff', staffId: 'staff-T001' }];
  const { meetingId } = await clinic.book({ patientId, startAt, participants, reference, formIds });
  return { patientId, meetingId, path: `/desk/meetings/${meetingId}` };
}

/** Posts the form as it stands on its page, with these fields. */
async function post(on: string, action: string, fields: Record<string, string>): Promise<Shown> {
  const page = await desk.get(on);
  return desk.post(action, { ...filledForm(page, action), ...fields });
}

it.each(['constructor', '__proto__', 'toString', 'nobody-knows'])(
  'a reason in an address that is none of ours says no more than that it was not done: %s',
  async (refused) => {
    expect(refusalWords('sv', refused)).toBe('Det blev inte gjort. Läs sidan igen.');
    const { path } = await book();
    const told = readOf(await desk.get(`${path}/take-over?refused=${refused}`));
    expect(told).toContain('Det blev inte gjort.');
    expect(told).not.toContain(refused);
  },
);

describe('D1 what is far too long', () => {
  const long = 'å'.repeat(30_000);

  it('is told at its field with what was typed, and nobody is told that the page was too old', async () => {
    const { patientId, path } = await book(inMs(10 * MINUTE));
    const person = `/desk/people/${patientId}/change`;
    const cases: [on: string, action: string, field: string][] = [
      ['/desk/people', '/desk/people', 'sought'],
      [person, person, 'name'],
      [person, person, 'mobile'],
      [`${path}/room`, `${path}/room/whereabouts`, 'place'],
      ['/desk/manage/staff/new', '/desk/manage/staff', 'name'],
      ['/desk/manage/settings/look', '/desk/manage/settings/look', 'controller'],
      ['/desk/manage/settings/privacy', '/desk/manage/settings/privacy', 'privacySv'],
      ['/desk/manage/log', '/desk/manage/log', 'personalNumber'],
    ];
    // What stands in fields of several lines is not read from the page.
    const others = { staffIds: 'x', title: 'x' };
    for (const [on, action, field] of cases) {
      const told = await post(on, action, { ...others, [field]: long });
      expect([action, field, told.status]).toEqual([action, field, 422]);
      expect(problemsIn(told)).toHaveProperty(field);
      expect(told.text).toContain(long);
    }
    const chat = await post(`${path}/room/chat`, `${path}/room/chat`, { text: 'x'.repeat(120_000) });
    expect([chat.status, chat.text.includes('<p id="text-problem"')]).toEqual([422, true]);
  });

  it('R3.1 is a form that is as long as it may be: by telephone it is saved as from the patient', async () => {
    const questionIds = Array.from({ length: 30 }, (_, index) => `q${index}`);
    const questions = questionIds.map((questionId) => ({
      questionId,
      label: 'Berätta',
      type: 'text',
      required: true,
      maxLength: 5000,
    }));
    const { body } = await clinic.call('POST', '/clinic/forms', { body: { title: 'Lång', questions } });
    const { formId } = body as { formId: string };
    const { meetingId, path } = await book(inMs(5 * DAY), null, [formId]);
    const answers = Object.fromEntries(questionIds.map((each) => [`q.${each}`, 'å'.repeat(5000)]));
    const saved = await post(`${path}/forms/${formId}`, `${path}/forms/${formId}`, answers);
    expect(saved.location).toBe(`${path}?said=form`);
    const filled = await service.records.forms.readFilled(clinic.clinicId, meetingId, formId);
    expect(Object.keys(filled!.answers)).toHaveLength(30);
  });

  it('holds up nobody else where it is a list of a million', async () => {
    const many = 'a,'.repeat(1_000_000);
    const cases: [on: string, action: string, field: string][] = [
      ['/desk/manage/staff/new', '/desk/manage/staff', 'staffIds'],
      ['/desk/manage/settings/cases', '/desk/manage/settings/cases', 'staffEmails'],
    ];
    for (const [on, action, field] of cases) {
      const told = await post(on, action, { name: 'x', title: 'x', [field]: many });
      expect([action, told.status]).toEqual([action, 422]);
      expect(problemsIn(told)).toHaveProperty(field);
    }
    expect(listIn(many).length).toBeLessThan(1_000);
    expect(listIn(' a, b;c\n\u00a0d ')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is told as too much where it is more than any form is read to', async () => {
    const told = await post('/desk/people', '/desk/people', { sought: 'å'.repeat(1_100_000) });
    expect(told.status).toBe(413);
    expect(readOf(told)).toContain('Det är för mycket text');
    expect(readOf(told)).not.toContain('för gammal');
  });

  it('D16 an address that cannot be read is none of ours, and no page that was too old', async () => {
    const told = await desk.get('/desk/people/%ff');
    expect(told.status).toBe(400);
    expect(readOf(told)).toContain('Sidan finns inte');
  });
});

describe('D2 D3 what is pasted on the desk', () => {
  it('a meeting is found by a reference as it stands in a mail', async () => {
    const { path } = await book(inMs(4 * DAY), 'besok-47-11');
    for (const sought of [
      '\u200bbesok\u201147\u201111\u00a0',
      'besok\u00ad-47-\u00ad11',
      '\tbesok-47-11\t',
    ]) {
      const found = await post('/desk/people', '/desk/people', { sought });
      expect([sought, found.location]).toEqual([sought, path]);
    }
  });

  it('a length and the day of a contact are read in digits of any script', async () => {
    const { path, patientId } = await book();
    const fields = {
      ...filledGet(await desk.get(`${path}/move`)),
      minutes: '\u00a0４５\u200b',
      by: 'clinic',
      agreed: 'yes',
    };
    const confirm = await desk.get(`${path}/move/confirm?${new URLSearchParams(fields).toString()}`);
    expect([confirm.status, filledForm(confirm, `${path}/move`).minutes]).toEqual([200, '45']);

    const { caseId } = await caseWith(clinic, patientId, 'staff-T001');
    const page = `/desk/cases/${caseId}/document`;
    const close = `/desk/cases/${caseId}/close`;
    expect((await post(close, close, {})).location).toContain('said=closed');
    const [year = '', month = '', day = ''] = inStockholm(new Date()).toISODate().split('-');
    const told = await post(page, page, {
      'contactOn.year': fullWidth(year),
      'contactOn.month': `\u200b${Number(month)}`,
      'contactOn.day': `${fullWidth(String(Number(day)))}\u00ad`,
    });
    expect(told.location).toBe(`/desk/cases/${caseId}?said=documented`);
  });

  it('a name and a place keep what one reads of them, without tabs', async () => {
    const { path, patientId } = await book(inMs(10 * MINUTE));
    const change = `/desk/people/${patientId}/change`;
    expect((await post(change, change, { name: 'A\u030asa\tTestperson' })).status).toBe(303);
    expect(readOf(await desk.get(`/desk/people/${patientId}`))).toContain('A\u030asa Testperson');
    const saved = await post(`${path}/room`, `${path}/room/whereabouts`, {
      place: 'Provvägen 1\tMölndal',
      number: '070-174 06 05',
    });
    expect(saved.location).toBe(`${path}/room?said=whereabouts`);
    expect(readOf(await desk.get(`${path}/room`))).toContain('Provvägen 1 Mölndal');
  });
});

/** As keyboards of East Asia write digits. */
const fullWidth = (digits: string): string =>
  digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));

/** The fields of a page's first form that asks for another page. */
const filledGet = ({ text }: Shown): Record<string, string> => {
  const [, form = ''] = /<form method="get"[^>]*>([^]*?)<\/form>/.exec(text) ?? [];
  return Object.fromEntries(
    [...form.matchAll(/<input type="text"[^>]* name="([^"]+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    ),
  );
};
