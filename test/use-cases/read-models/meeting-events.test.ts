import { meetingEvents } from '../../../use-cases/read-models/meeting-events';
import type { Meeting } from '../../../records/meetings';
import { MeetingCourse } from '../../workflows/meeting/state/builders';
import { minutesAfter, START, timeAt } from '../../rules/builders';

const LATER = '2026-11-30T13:00:00.000Z';
const planned = (startVersion: number, startAt: string) => ({
  time: timeAt(startAt, startVersion),
  notices: [],
  registrationReminders: [],
});
const timeRecord = (startVersion: number, startAt: string): Meeting['times'][number] => ({
  startVersion,
  startAt,
  endAt: minutesAfter(startAt, 30),
  roomName: `room-${startVersion}`,
  setBy: 'clinic',
  setInsideNotice: false,
  agreed: true,
});

it('decision 11: what happened to an earlier time is told with that time and its outcome, also when all is told late', () => {
  const course = new MeetingCourse({
    meetingId: 'meeting-1',
    clinicId: 'clinic-1',
    bookedAt: '2026-11-20T12:00:00.000Z',
    planned: planned(1, START),
    gates: { consentGiven: true, formsMissing: [] },
  });
  const now = minutesAfter(START, -60);
  course.rebook(now, {
    startVersion: 1,
    receivedAt: now,
    calledAt: now,
    by: 'clinic',
    late: false,
    planned: planned(2, LATER),
  });
  const end = minutesAfter(LATER, 30);
  course.settled(end, 2, { outcome: 'unclear', because: ['patient-tried-to-come-in'] });
  course.stateOutcome(end, { startVersion: 2, receivedAt: end, outcome: 'clinic-absent', way: null });
  const snapshot = course.snapshot();
  const meeting = {
    meetingId: 'meeting-1',
    reference: null,
    times: [timeRecord(1, START), timeRecord(2, LATER)],
    course: snapshot,
  } as unknown as Meeting;

  const told = meetingEvents(meeting, snapshot.happenings).map(({ type, data }) => ({ type, ...data }));
  expect(told.filter(({ type }) => type === 'meeting.booked')).toMatchObject([
    { startVersion: 1, startAt: START, endAt: minutesAfter(START, 30) },
  ]);
  expect(told.filter(({ type }) => type === 'meeting.rebooked')).toMatchObject([
    { startVersion: 2, startAt: LATER, endAt: minutesAfter(LATER, 30) },
  ]);
  expect(told.filter(({ type }) => type === 'meeting.outcome')).toMatchObject([
    { outcome: 'unclear', decidedBy: 'evidence' },
    { outcome: 'clinic-absent', decidedBy: 'staff' },
  ]);
});
