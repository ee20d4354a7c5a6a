import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import { minutesLater, toInstant } from '../../../rules/instant';
import type { Happening, MeetingSnapshot } from '../../../workflows/meeting/messages';
import { inMs, MINUTE } from '../../api/helpers';
import { eventsOf } from '../../api/clinic/after-meetings';
import { createClinic } from '../../support/clinic';
import { startService, type Service } from '../../support/service';

let service: Service;
beforeAll(async () => {
  service = await startService({ workers: false, sendsWebhooks: false });
});
afterAll(() => service.close());

it('B6 what was saved and then decided anew and otherwise leaves no task, and every event of the new course is told', async () => {
  const clinic = await createClinic(service);
  const meeting = await clinic.book({ patientId: await clinic.addPatient(), startAt: inMs(20 * MINUTE) });
  const { course, times } = await service.records.meetings.get(meeting.meetingId);
  const save = (more: Partial<MeetingSnapshot>, ...happened: Happening[]) =>
    saveMeeting(
      service.records,
      { ...course, ...more, happenings: [...course.happenings, ...happened] },
      new Date(),
    );
  const at = toInstant(new Date());
  const version = course.version + 1;
  // A first decision: the door opens, and nobody has confirmed the room. It was saved, and its task was lost.
  await save(
    { version, state: 'door-open' },
    { at, what: 'door-opened', startVersion: 1 },
    { at, what: 'clinic-not-ready', startVersion: 1 },
  );
  const tasks = async () =>
    (await service.records.tasks.ofMeeting(meeting.meetingId)).map(({ kind, state }) => `${kind} ${state}`);
  expect(await tasks()).toContain('clinic-not-ready open');
  // The second one, at the same place of the course: the meeting had been moved.
  const time = {
    ...course.time,
    startVersion: 2,
    startAt: minutesLater(course.time.startAt, 1_440),
    endAt: minutesLater(course.time.endAt, 1_440),
  };
  await service.records.meetings.addTime(meeting.meetingId, { ...times[0]!, ...time, startVersion: 2 });
  await save({ version: version + 1, time, state: 'booked' }, { at, what: 'rebooked', startVersion: 2 });
  expect(await tasks()).not.toContain('clinic-not-ready open');
  expect((await eventsOf(service, clinic, meeting)).map(({ type }) => type)).toEqual(
    expect.arrayContaining(['meeting.booked', 'meeting.rebooked']),
  );
});
