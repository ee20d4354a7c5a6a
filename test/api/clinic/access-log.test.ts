import { bookingOf, suitable, createClinic } from '../../support/clinic';
import { DAY, expectProblem, inMs, dayInStockholm } from '../helpers';
import { auditOf, clinic, ids, patient, raw, service, withEveryRoute } from './access-setup';

/** R8.2: whose data a reading or change is written down for; R8.3: the log holds none. */
withEveryRoute();

describe('R8.2 whose data', () => {
  it('a list is written down for each patient on it', async () => {
    const third = await createClinic(service);
    const patients = [await third.addPatient({}, false), await third.addPatient({}, false)];
    const startAt = inMs(20 * DAY);
    for (const patientId of patients) await third.book({ patientId, startAt });
    const day = dayInStockholm(startAt);
    const { answer, rows } = await auditOf(() => third.call('GET', `/clinic/meetings?day=${day}`));
    const listed = (answer.body as { items: { patientId: string }[] }).items.map(
      ({ patientId }) => patientId,
    );
    const logged = rows.flatMap(({ personId }) => personId ?? []);
    expect(logged.sort()).toEqual([...listed].sort());
  });

  it('a search is written down for the patient found, and for nobody where none is', async () => {
    const search = (personalNumber: string) =>
      auditOf(() => clinic.call('POST', '/clinic/people/search', { body: { personalNumber } }));
    const found = await search(patient.personalNumber);
    expect(found.answer.body).toMatchObject({ personId: ids.personId });
    expect(found.rows.map(({ personId }) => personId)).toContain(ids.personId);
    const none = await search('199001012385');
    expect(none.answer.status).toBe(404);
    expect(none.rows.map(({ personId }) => personId)).toEqual([null]);
  });

  it('a person who is added is written down as that person', async () => {
    const { answer, rows } = await auditOf(() =>
      clinic.call('POST', '/clinic/people', { body: { name: 'Kim Testsson', birthDate: '1990-01-01' } }),
    );
    expect(rows.map(({ personId }) => personId)).toContain((answer.body as { personId: string }).personId);
  });

  it('a guardian who is booked into a child’s meeting is written down too', async () => {
    const [child, guardian] = [
      await clinic.addPatient({ birthDate: '2020-01-01' }),
      await clinic.addPatient(),
    ];
    const participants = [
      { role: 'staff', staffId: 'clinician-1' },
      { role: 'guardian', personId: guardian },
    ];
    const { rows } = await auditOf(() =>
      clinic.call('POST', '/clinic/meetings', {
        body: bookingOf({
          patientId: child,
          startAt: inMs(9 * DAY),
          participants,
          suitability: suitable({ child: true }),
        }),
      }),
    );
    expect(rows.map(({ personId }) => personId)).toContain(child);
  });

  it('a reading that cannot be written down is not answered', async () => {
    const { write } = service.records.audit;
    service.records.audit.write = () => Promise.reject(new Error('no audit log'));
    try {
      for (const path of [`/clinic/people/${ids.personId}`, `/clinic/meetings/${ids.meetingId}`]) {
        const answer = await clinic.call('GET', path);
        expectProblem(answer, 500);
        expect(JSON.stringify(answer.body)).not.toContain('no audit log');
      }
    } finally {
      service.records.audit.write = write;
    }
  });

  it('the log holds no personal data (R8.3)', async () => {
    const log = JSON.stringify(await raw.audit());
    expect(log).toContain(ids.personId);
    for (const secret of [
      ...Object.values(patient),
      '8112189876',
      '701740699',
      'Tolvan',
      'Inför mötet',
      'Kim Testsson',
    ]) {
      expect([secret, log.includes(secret)]).toEqual([secret, false]);
    }
  });
});
