import { meetingWorkflowId } from '../../../temporal/ids';
import { createClinic } from '../../support/clinic';
import { keepHistory } from '../../support/histories';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';
import { DAY, HOUR, inMs } from '../../api/helpers';

/**
 * One command after the other, and no time that passes between: over the real server. The time-skipping one now and
 * then gives a workflow's task to nobody where a notice is under way.
 */
let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

it('A13 R5.5 a time that the patient chose inside the notice, because the clinic had moved it there, costs nothing', async () => {
  const clinic = await createClinic(service);
  const patientId = await clinic.addPatient();
  const formId = await clinic.addForm();
  const meeting = await clinic.book({ patientId, startAt: inMs(2 * DAY), formIds: [formId] });
  await clinic.call('PUT', `/clinic/people/${patientId}/care-history-consent`, {
    body: { given: true, givenBy: 'person' },
  });
  await clinic.call('PUT', `${meeting.path}/forms/${formId}/answers`, {
    body: { answers: { how: 5 }, answeredBy: 'patient' },
  });
  const move = (by: 'clinic' | 'patient', hours: number) =>
    clinic.call('POST', `${meeting.path}/rebook`, {
      body: { by, startAt: inMs(hours * HOUR), agreed: true },
    });
  expect((await move('clinic', 3)).status).toBe(200);
  expect((await move('patient', 5)).status).toBe(200);
  expect(
    (await clinic.call('POST', `${meeting.path}/cancel`, { body: { by: 'patient' } })).body,
  ).toMatchObject({
    outcome: { outcome: 'cancelled-late' },
  });
  const costs = await waitUntil(
    async () => (await clinic.call('GET', `${meeting.path}/invoices`)).body.items as object[],
    (items) => items.length >= 2,
  );
  expect(costs).toHaveLength(2);
  for (const cost of costs)
    expect(cost).toMatchObject({
      kind: 'none',
      because: [{ rule: 'R5.5', reason: 'clinic-set-the-time-inside-the-notice' }],
    });
  await keepHistory(service, 'free-by-the-chain', meetingWorkflowId(meeting.meetingId));
});
