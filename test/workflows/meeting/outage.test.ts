import { createClinic, nextMobile } from '../../support/clinic';
import { startService, type Service } from '../../support/service';
import { waitUntil } from '../../support/wait-until';

/** The worker is away while notices are due: real time on the real server, with reminder rules of seconds. */
let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

const seconds = (count: number): number => count / 60;

it('R2.6 what still helps when the worker is back is sent, what no longer helps is recorded as expired', async () => {
  const reminder = (beforeSeconds: number, usefulUntilSeconds: number) => ({
    when: { minutesBefore: seconds(beforeSeconds) },
    skipWithinMinutesOfStart: 0,
    usefulUntilMinutesAfterStart: seconds(usefulUntilSeconds),
  });
  const clinic = await createClinic(service, {
    noticeRules: {
      reminders: { morning: reminder(9, -6), soon: reminder(5, 0), start: reminder(0, 30) },
      quietHours: null,
    },
  });
  const mobile = nextMobile();
  const patientId = await clinic.addPatient({ mobile });
  const startAt = new Date(Date.now() + 12_000);
  const { path } = await clinic.book({ patientId, startAt: startAt.toISOString(), durationMinutes: 1 });
  await waitUntil(
    () => service.sentTo(mobile).length,
    (count) => count === 1,
  );
  await service.stopWorkers();
  await new Promise((resolve) => setTimeout(resolve, startAt.getTime() - 4_000 - Date.now()));
  await service.startWorkers();
  const sent = await waitUntil(
    () => service.sentTo(mobile),
    (all) => all.length === 3,
  );
  expect(sent.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^Hej/),
    expect.stringMatching(/börjar snart/),
    expect.stringMatching(/börjar nu/),
  ]);
  const { body } = await clinic.call('GET', `${path}/timeline`);
  expect(body.deliveries).toContainEqual(
    expect.objectContaining({ kind: 'morning', state: 'expired', reason: 'past-its-last-useful-moment' }),
  );
});
