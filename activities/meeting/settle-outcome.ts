import { ApplicationFailure } from '@temporalio/common';
import { decidesCourse } from '../../use-cases/notice/holds-back';
import { silentMeetings } from '../../platform/metrics';
import type { Records } from '../../records';
import type { RefusedEntry } from '../../records/evidence';
import { gapsOf } from '../../records/gaps-of';
import type { Meeting } from '../../records/meetings';
import { gatesOf } from '../../use-cases/meeting/gates';
import { signsOfTrying, timeSetAt } from '../../use-cases/notice/doubts';
import { heardForPatient } from '../../use-cases/notice/heard';
import { guardianMayAct } from '../../rules/calendar/age';
import { isKeptOut, staysNotStopped } from '../../rules/calendar/guardian';
import type { Clock } from '../../rules/clock';
import type { Gap } from '../../rules/gaps';
import { settleOutcome } from '../../rules/outcome';
import { interpreterSeen, isPatientSide } from '../../rules/presence';
import { areRemindersLost, hasReached, isReminder } from '../../rules/ledger';
import type { MeetingActivities } from '../../workflows/meeting/activities';
import { patientOf } from '../../use-cases/notice/patient-of';
import { togetherBy } from '../../use-cases/meeting/presence';

/** Gathers the evidence of a meeting and decides what it came to (R5.6); changes nothing. */
export function createSettleOutcome({
  records,
  clock,
}: {
  records: Records;
  clock: Clock;
}): MeetingActivities['settleMeeting'] {
  return async ({ meetingId, startVersion, letIn: letInIds }) => {
    const meeting = await records.meetings.get(meetingId);
    const now = clock.now();
    const { time } = meeting.course;
    // It was moved while this was asked for, by a command that was waited for: what it came to is for later.
    if (time.startVersion > startVersion) return { outcome: 'unclear', because: [], together: 'not-yet' };
    // The read model of a move that is still to be saved: the evidence of its time is asked for again.
    if (time.startVersion < startVersion) throw new Error('the meeting was moved and this is not saved yet');
    // Received in time and held up inside, such as while Temporal was away: it comes before the evidence.
    if ((await records.commands.waitingAbout(meetingId)).some(decidesCourse))
      throw ApplicationFailure.retryable('a command about the meeting is being carried out', 'wait');
    const patient = await patientOf(records.people, meeting);
    const guardianActs = guardianMayAct(patient.personal.birthDate, new Date(time.startAt));
    const notices = await records.ledger.ofMeeting(meetingId);
    const refused = await records.evidence.refusedEntries(meetingId);
    const stays = await records.evidence.stays(meetingId, time.startVersion);
    // From a stop on a guardian who is still in the room is not the patient's presence (R7.3).
    const counting = staysNotStopped(stays, meeting.participants, patient);
    const heardAtStart = heardForPatient(meeting, patient, new Date(time.startAt));
    const tasks = await records.tasks.ofMeeting(meetingId);
    const wereLetIn = meeting.participants.filter(({ participantId }) => letInIds.includes(participantId));
    const notSeen = wereLetIn.filter(
      ({ participantId }) => !stays.some((stay) => stay.participantId === participantId),
    );
    const signs = signsOfTrying(meeting, refused);
    const heard = notices.filter((notice) => notice.occasion === time.startVersion && heardAtStart(notice));
    // Staff called or wrote, and said so when they finished their task (R2.10).
    const staffReached = tasks.some(
      ({ kind, result, openedAt }) =>
        kind === 'nobody-reached' && result === 'reached' && openedAt >= timeSetAt(meeting),
    );
    const settled = settleOutcome(time, {
      stays: counting,
      guardianActs,
      gates: await gatesOf(records.forms, meeting, patient, now),
      tries: signs.length,
      letInButNotSeen: {
        clinic: notSeen.some(({ role }) => role === 'staff'),
        patient: notSeen.some(
          (each) =>
            isPatientSide(each.role, guardianActs) && !isKeptOut(patient, each, new Date(time.startAt)),
        ),
      },
      gaps: [
        ...(await gapsOf(records, meeting, now)),
        ...(wereLetIn.length > 0 && stays.length === 0 ? [silentReports(meeting)] : []),
        ...signs.flatMap(gapsIn),
      ],
      noticeReached: staffReached || heard.some(({ state }) => hasReached(state)),
      remindersLost: !staffReached && areRemindersLost(heard.filter(isReminder)),
      interpreter: interpreterSeen(meeting.terms, stays),
    });
    const actsNow = guardianMayAct(patient.personal.birthDate, now);
    return { ...settled, together: togetherBy(counting, actsNow) };
  };
}

/** People were let in, and Jitsi has reported nobody: its reports do not come here. */
function silentReports({ course: { time } }: Meeting): Gap {
  silentMeetings.inc();
  return { kind: 'reports-silent', from: time.doorOpensAt, until: time.endAt };
}

/** An answer 429, or that something was wrong here, to somebody around the patient (design, decision 15). */
function gapsIn({ reasons, at }: Pick<RefusedEntry, 'reasons' | 'at'>): Gap[] {
  return [
    ...(reasons.includes('too-many-requests')
      ? [{ kind: 'limit-answered' as const, from: at, until: at }]
      : []),
    ...(reasons.includes('technical-fault')
      ? [{ kind: 'error-answered' as const, from: at, until: at }]
      : []),
  ];
}
