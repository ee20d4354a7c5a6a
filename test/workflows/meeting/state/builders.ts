import { noticePlan } from '../../../../rules/calendar/notice-plan';
import { registrationReminders } from '../../../../rules/calendar/registration';
import type { OutcomeByStaff } from '../../../../rules/meeting';
import { defaultNoticeRules, type NoticeKind, type PlannedNotice } from '../../../../rules/notices';
import type { SettledOutcome } from '../../../../rules/outcome';
import { MeetingStateMachine } from '../../../../workflows/meeting/state';
import type {
  CancelCommand,
  FactValue,
  MeetingFacts,
  MeetingSnapshot,
  OutcomeCommand,
  PlannedTime,
  RebookCommand,
  Together,
} from '../../../../workflows/meeting/messages';
import { minutesAfter, START, timeAt } from '../../../rules/builders';

/** Meetings, commands and what is seen of a meeting, for the tests of its state machine. */

export const BOOKED = '2026-11-20T12:00:00.000Z';
export const LATER = '2026-11-30T13:00:00.000Z';
export const at = (minutes: number): string => minutesAfter(START, minutes);

export function plan(startVersion: number, startAt: string, now = BOOKED): PlannedTime {
  const time = timeAt(startAt, startVersion);
  const notice = startVersion === 1 ? 'booking' : 'change';
  return {
    time,
    notices: noticePlan({ notice, now: new Date(now), time, rules: defaultNoticeRules }),
    registrationReminders: registrationReminders(time.endAt),
  };
}
export const cancellation = (dueAt: string, startAt = START): PlannedNotice => ({
  kind: 'cancellation',
  dueAt,
  lastUsefulAt: minutesAfter(startAt, 30),
  skip: null,
});
/** A meeting's state machine that is told all facts of a moment at once, each under its own number. */
export class MeetingCourse extends MeetingStateMachine {
  private number = 0;

  /** Hears how all stands outside. */
  see(now: string, facts: MeetingFacts): void {
    const { startVersion, gates, clinicPresent, patientPresent, haveMet, clinicReady, correctedTo } = facts;
    const isIn = clinicPresent || patientPresent;
    this.tell(now, { kind: 'gates', gates });
    const together = !haveMet ? 'not-yet' : isIn ? 'in-the-room' : 'have-left';
    this.tell(now, { kind: 'presence', startVersion, together });
    if (clinicReady) this.tell(now, { kind: 'readiness', startVersion });
    if (correctedTo) this.tell(now, { kind: 'correction', outcome: correctedTo });
  }

  private tell(now: string, value: FactValue): void {
    this.number += 1;
    this.hear(now, { ...value, number: this.number, at: now });
  }

  /** Settles it as seen from outside: whoever has met has left, unless it is said. */
  settled(now: string, startVersion: number, outcome: SettledOutcome, together?: Together): void {
    const known = this.haveMet() ? 'have-left' : 'not-yet';
    this.takeEvidence(now, startVersion, { ...outcome, together: together ?? known });
  }
}

export const booked = (planned = plan(1, START)): MeetingCourse =>
  new MeetingCourse({
    meetingId: 'meeting-1',
    clinicId: 'clinic-1',
    bookedAt: BOOKED,
    planned,
    gates: { consentGiven: false, formsMissing: [] },
  });

export const openGates = { consentGiven: true, formsMissing: [] };
export const nobody: MeetingFacts = {
  startVersion: 1,
  gates: openGates,
  clinicPresent: false,
  patientPresent: false,
  haveMet: false,
  clinicReady: false,
  correctedTo: null,
};
export const together: MeetingFacts = {
  startVersion: 1,
  gates: openGates,
  clinicPresent: true,
  patientPresent: true,
  haveMet: true,
  clinicReady: true,
  correctedTo: null,
};
export const gone: MeetingFacts = { ...nobody, haveMet: true };

export const cancel = (by: CancelCommand['outcome'], now: string, startVersion = 1): CancelCommand => ({
  startVersion,
  receivedAt: now,
  calledAt: now,
  outcome: by,
  notice: cancellation(now),
});
export const rebook = (
  startVersion: number,
  now: string,
  more: Partial<RebookCommand> = {},
): RebookCommand => ({
  startVersion,
  receivedAt: now,
  calledAt: now,
  by: 'clinic',
  late: false,
  planned: plan(startVersion + 1, LATER, now),
  ...more,
});
export const stated = (outcome: OutcomeByStaff, startVersion = 1): OutcomeCommand => ({
  startVersion,
  receivedAt: at(0),
  outcome,
  way: outcome === 'back-up-routine' ? 'telephone' : null,
});
export const register = (startVersion = 1) => ({ startVersion, receivedAt: at(31) });
export const entry = (startVersion = 1) => ({ startVersion, receivedAt: at(0), participantId: 'p-1' });
export const unclear: SettledOutcome = { outcome: 'unclear', because: ['patient-tried-to-come-in'] };
export const completed: SettledOutcome = { outcome: 'completed', because: ['clinic-and-patient-met'] };
export const noShow: SettledOutcome = { outcome: 'no-show', because: ['patient-never-came'] };

export const states = ({ notices }: MeetingSnapshot): Partial<Record<`${NoticeKind} ${number}`, string>> =>
  Object.fromEntries(notices.map(({ kind, startVersion, state }) => [`${kind} ${startVersion}`, state]));
export const waits = (course: MeetingCourse): string[] =>
  course.snapshot().waitingFor.map(({ what }) => what);

/** Takes what is due as the workflow does, and ends it at once. */
export function give(course: MeetingCourse, now: string): NoticeKind[] {
  const due = course.takeDueNotices(now);
  for (const notice of due) course.noticeDone(notice);
  return due.map(({ kind }) => kind);
}

/** A course in each of its states, at an instant at which it is in it. */
export function courseIn(state: MeetingSnapshot['state']): MeetingCourse {
  const course = booked();
  if (state === 'booked') return course;
  course.see(BOOKED, nobody);
  if (state === 'ready') return course;
  course.passTime(at(-15));
  if (state === 'door-open') return course;
  course.see(at(1), together);
  if (state === 'under-way') return course;
  course.settled(at(30), 1, completed);
  return course;
}
