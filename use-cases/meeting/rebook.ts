import { fractionOf } from '../../platform/keys/random-id';
import { roomName } from '../../jitsi/room-name';
import type { Answer } from '../../records/commands';
import type { Meeting, MeetingTimeRecord } from '../../records/meetings';
import { noticePlan } from '../../rules/calendar/notice-plan';
import { registrationReminders } from '../../rules/calendar/registration';
import { insideCancellationNotice } from '../../rules/cancellation';
import { isCancelled } from '../../rules/gates';
import { minutesBetween, msOf } from '../../rules/instant';
import { meetingTime, type MeetingTime } from '../../rules/meeting';
import { seenVersion, timeOfVersion } from '../as-received';
import { clinicOf } from '../read-before';
import type { RebookMeeting } from './bodies';
import { changeMeeting, receivedBeforeTheTimeWasSet, refusedCommand, timeOfReceipt } from './send';
import { wrongField, type CarryOut } from '../command';
import { meetingView, warningsOf } from './view';

/**
 * Moves a meeting to another time, with a new plan and a new room (R1.5, R2.8, R4.1). The very same time is
 * no move: another duration of it is told to its workflow as that, and nothing else does anything (R1.8).
 */
export const rebookMeeting: CarryOut<RebookMeeting> = async (deps, command) => {
  const { records, temporal, roomKey } = deps;
  const { body, commandId, clinicId } = command;
  const receivedAt = timeOfReceipt(command, body);
  const { settings } = await clinicOf(deps, clinicId);

  const answer = await changeMeeting(deps, command, async (meeting) => {
    const { meetingId, terms, course } = meeting;
    const seen = body.forStartVersion ?? seenVersion(command, meeting);
    const untimely = receivedBeforeTheTimeWasSet(meeting, seen, body.receivedAt);
    if (untimely) return untimely;
    const wasMinutes = minutesBetween(course.time.startAt, course.time.endAt);
    const durationMinutes = body.durationMinutes ?? wasMinutes;
    const forStartVersion = body.forStartVersion ?? course.time.startVersion;
    const common = { receivedAt, calledAt: command.receivedAt, by: body.by };
    if (msOf(body.startAt) === msOf(course.time.startAt) && recordNow(meeting)) {
      if (durationMinutes === wasMinutes) return unmoved(meeting, body, deps.clock.now());
      const time = meetingTime(course.time.startVersion, body.startAt, durationMinutes, terms);
      return (
        otherAgreement(meeting, body) ??
        temporal.changeDuration(meetingId, commandId, {
          ...common,
          startVersion: forStartVersion,
          time,
          registrationReminders: registrationReminders(time.endAt),
        })
      );
    }
    const time = meetingTime(forStartVersion + 1, body.startAt, durationMinutes, terms);
    const recordOf = ({ startVersion, startAt, endAt }: MeetingTime): MeetingTimeRecord => ({
      startVersion,
      startAt,
      endAt,
      // Who asks for another time agrees to it; a time that the clinic sets is agreed only where staff say so
      // (R1.1).
      agreed: body.agreed ?? body.by === 'patient',
      roomName: roomName(roomKey, meetingId, startVersion),
      setBy: body.by,
      setInsideNotice: insideCancellationNotice(receivedAt, startAt, terms.cancellationNoticeHours),
    });
    const { startAt: seenStartAt } = timeOfVersion(meeting, seen);
    const answer = await temporal.rebookMeeting(meetingId, commandId, {
      ...common,
      startVersion: forStartVersion,
      late:
        body.by === 'patient' &&
        insideCancellationNotice(receivedAt, seenStartAt, terms.cancellationNoticeHours),
      planned: {
        time,
        notices: noticePlan({
          notice: 'change',
          now: new Date(command.receivedAt),
          time,
          rules: settings.noticeRules,
          spread: fractionOf(meetingId),
        }),
        registrationReminders: registrationReminders(time.endAt),
      },
      record: recordOf(time),
    });
    // Where an API of 0.1.0 told the workflow of the same command, its snapshot has no record, and nobody
    // else writes one.
    if ('snapshot' in answer && !answer.snapshot.newTimes)
      await records.meetings.addTime(meetingId, recordOf(answer.snapshot.time));
    return answer;
  });
  if (answer.status !== 200) return answer;
  const moved = await records.meetings.get(command.params.meetingId ?? '');
  return {
    ...answer,
    body: { ...(answer.body as object), warnings: await warningsOf(records.meetings, moved) },
  };
};

const recordNow = ({ times, course }: Meeting): MeetingTimeRecord | undefined =>
  times.find(({ startVersion }) => startVersion === course.time.startVersion);

/**
 * The meeting has this time, by an earlier run of the same command or from before: nothing changes, and
 * nobody is told (R1.8).
 */
function unmoved(meeting: Meeting, body: RebookMeeting, now: Date): Answer {
  const { state, outcome } = meeting.course;
  if (state === 'ended') return refusedCommand(isCancelled(outcome?.outcome ?? null) ? 'cancelled' : 'ended');
  return otherAgreement(meeting, body) ?? { status: 200, body: meetingView(meeting, now) };
}

/** Whether a time was agreed is said when it is set (R1.1): it is not changed by what moves nothing. */
function otherAgreement(meeting: Meeting, { agreed }: RebookMeeting): Answer | null {
  return agreed !== null && recordNow(meeting)?.agreed !== agreed
    ? wrongField(
        '/body/agreed',
        'time-not-moved',
        'The meeting has this time already, agreed or not as before.',
      )
    : null;
}
