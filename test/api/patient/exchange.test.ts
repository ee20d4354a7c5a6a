import { patientRoutes } from '../../../api/patient/routes';
import { randomId } from '../../../platform/keys/random-id';
import { addInvoiceAndTask, DAY, inMs, openDatabase, type RawDatabase } from '../helpers';
import { openCase } from '../../support/cases';
import { createClinic, suitable } from '../../support/clinic';
import { formIn, loggedIn, testPeople, visitor, type Visitor } from '../../support/patient';
import { startService, type Service } from '../../support/service';

/**
 * Decision 10: no page shows or changes another person's data, whatever ids, sessions and forms are
 * exchanged.
 */
let service: Service;
let raw: RawDatabase;
const routes = patientRoutes({} as Parameters<typeof patientRoutes>[0]);

interface Someone {
  browser: Visitor;
  /** What this session's own forms carry. */
  guard: Record<string, string>;
  participantId: string;
  /** Of a message case that this person has a place in; none where nobody of the role has one. */
  caseParticipantId: string;
  invoiceId: string;
}
let people: Record<'patient' | 'stranger' | 'guardian' | 'elsewhere' | 'relative', Someone>;

/** What would show whose meeting it is. */
const secrets = ['Ensamma Mottagningen', 'Hemlig', '010-111 11 11', '+46701740'];

beforeAll(async () => {
  service = await startService({ workers: false, deadlineMs: 1_000 });
  raw = await openDatabase(service);
  const settings = { name: 'Ensamma Mottagningen', phone: '010-111 11 11' };
  const clinic = await createClinic(service, settings);
  const other = await createClinic(service, settings);
  const add = (at: typeof clinic, personalNumber: string) =>
    at.addPatient({ name: 'Hemlig Person', personalNumber, birthDate: undefined });
  const ids = {
    patient: await add(clinic, testPeople.patient),
    stranger: await add(clinic, testPeople.stranger),
    guardian: await add(clinic, testPeople.guardian),
    child: await add(clinic, testPeople.child),
    relative: await add(clinic, testPeople.relative),
    elsewhere: await add(other, '191212121212'),
  };
  const staff = { role: 'staff', staffId: 'clinician-1' };
  async function take(at: typeof clinic, number: string, role: string, booking: object): Promise<Someone> {
    const { path, meetingId } = await at.book({ startAt: inMs(3 * DAY), participants: [staff], ...booking });
    const { participants } = (await at.call('GET', path)).body as {
      participants: { role: string; participantId: string }[];
    };
    const { participantId } = participants.find((each) => each.role === role)!;
    const { invoiceId } = await addInvoiceAndTask(service, meetingId);
    const caseParticipantId = await placeInCase(at, role, booking);
    const browser = await loggedIn(service, number);
    const guard = formIn(await browser.get(`/my/meetings/${participantId}`), '/logout');
    return { browser, guard, participantId, caseParticipantId, invoiceId };
  }
  async function placeInCase(at: typeof clinic, role: string, booking: object): Promise<string> {
    const { patientId, participants = [] } = booking as {
      patientId: string;
      participants?: { role: string; personId?: string }[];
    };
    const guardianIds = participants.flatMap((each) => (each.role === 'guardian' ? [each.personId] : []));
    const { caseId } = await openCase(at, patientId, { guardianIds, text: 'Hemlig fråga' });
    const careCase = await service.records.cases.get(caseId);
    return careCase.participants.find((each) => each.role === role)?.participantId ?? randomId();
  }
  people = {
    patient: await take(clinic, testPeople.patient, 'patient', { patientId: ids.patient }),
    stranger: await take(clinic, testPeople.stranger, 'patient', { patientId: ids.stranger }),
    elsewhere: await take(other, '191212121212', 'patient', { patientId: ids.elsewhere }),
    guardian: await take(clinic, testPeople.guardian, 'guardian', {
      patientId: ids.child,
      participants: [staff, { role: 'guardian', personId: ids.guardian }],
      suitability: suitable({ child: true }),
    }),
    relative: await take(clinic, testPeople.relative, 'relative', {
      patientId: ids.stranger,
      participants: [staff, { role: 'relative', personId: ids.relative }],
    }),
  };
});
afterAll(async () => {
  await raw.close();
  await service.close();
});

/** Everything that any form of these pages could carry. */
const fields = ({ invoiceId }: Someone): Record<string, string> => ({
  given: 'no',
  seen: '1 none ',
  sure: 'yes',
  startAt: inMs(5 * DAY),
  invoiceId,
  sms: 'yes',
  mobile: '+46701740697',
  email: 'thief@example.org',
  noticesBy: 'email',
  channel: 'sms',
  code: '123456',
  language: 'en',
  text: 'Skrivet av någon annan',
});
const pathTo = (path: string, { participantId, caseParticipantId }: Someone): string =>
  path
    .replace('{participantId}', participantId)
    .replace('{caseParticipantId}', caseParticipantId)
    .replaceAll(/\{\w+\}/g, randomId());
const names = ['patient', 'stranger', 'guardian', 'elsewhere', 'relative'] as const;
const pairs = names.flatMap((who) => names.filter((of) => of !== who).map((of) => [who, of] as const));

const ofSomebody = routes.filter(({ path }) => /\{(participantId|caseParticipantId)\}/.test(path));

it('every row that is not about oneself alone names whose place it is about', () => {
  const others = routes.filter((route) => route.subject !== 'self' && !ofSomebody.includes(route));
  expect(others).toEqual([]);
});

describe.each(ofSomebody.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    it('is shown to nobody who has not logged in', async () => {
      for (const name of names) {
        const shown = await visitor(service.apiUrl)[route.method](
          pathTo(route.path, people[name]),
          fields(people[name]),
        );
        expect(shown.status).toBe(401);
        for (const secret of secrets) expect(shown.text).not.toContain(secret);
      }
    });

    it('shows and changes nothing of another’s meeting or case, with one’s own session and form', async () => {
      const before = await raw.contents();
      await Promise.all(
        pairs.map(async ([who, of]) => {
          const { browser, guard } = people[who];
          const path = pathTo(route.path, people[of]);
          const shown =
            route.method === 'get'
              ? await browser.get(path)
              : await browser.post(path, { ...fields(people[of]), ...guard });
          expect([who, of, shown.status]).toEqual([who, of, 404]);
          for (const secret of secrets) expect(shown.text).not.toContain(secret);
        }),
      );
      expect(await raw.contents()).toEqual(before);
    });
  },
);

const posted = ofSomebody.filter(({ method }) => method === 'post');

it.each(posted.map((route) => [route.path, route] as const))(
  'post %s takes no form of another session’s on one’s own page',
  async (_, route) => {
    const before = await raw.contents();
    const { browser } = people.patient;
    const shown = await browser.post(pathTo(route.path, people.patient), {
      ...fields(people.patient),
      ...people.stranger.guard,
    });
    expect(shown.status).toBe(403);
    expect(await raw.contents()).toEqual(before);
  },
);

it('R5.7 another’s invoice is not objected to from one’s own page', async () => {
  const { browser, guard, participantId } = people.patient;
  const before = await raw.contents();
  for (const name of names.filter((each) => each !== 'patient')) {
    await browser.post(`/my/meetings/${participantId}/afterwards/object`, {
      ...guard,
      invoiceId: people[name].invoiceId,
    });
  }
  expect(await raw.contents()).toEqual(before);
});

it('R4.2 staff’s own place in a meeting is nobody’s to log in to', async () => {
  const meeting = await service.records.meetings.findByParticipant(people.patient.participantId);
  const staff = meeting!.participants.find(({ role }) => role === 'staff')!;
  expect((await people.patient.browser.get(`/my/meetings/${staff.participantId}`)).status).toBe(404);
});

it('R8.2 each of these tries is written down, as a stranger’s, under the patient whose meeting it was', async () => {
  const rows = await raw.audit({ actor: 'stranger', allowed: false, operation: 'my.consent' });
  expect(rows.length).toBeGreaterThan(0);
  for (const { personId, clinicId, actorId } of rows) {
    expect([personId, clinicId]).not.toContain(null);
    expect(actorId).toMatch(/^test-1:[\w-]{43}$/);
  }
});
