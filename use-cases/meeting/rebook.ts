import { fractionOf } from '../../platform/keys/random-id';
import { roomName } from '../../jitsi/room-name';
import { noticePlan } from '../../rules/calendar/notice-plan';
import { registrationReminders } from '../../rules/calendar/registration';
import { insideNotice } from '../../rules/cancellation';
import { minutesBetween } from '../../rules/instant';
import { meetingTime } from '../../rules/meeting';
import type { RebookMeeting } from '../bodies';
import { changeMeeting, receivedBeforeTheTimeWasSet, timeOfReceipt } from './send';
import type { CarryOut } from '../command';
import { warningsOf } from './view';

/** Moves a meeting to another time, with a new plan and a new room (R1.5, R2.8, R4.1). */
export const rebookMeeting: CarryOut<RebookMeeting> = async (deps, command) => {
  const { records, temporal, roomKey } = deps;
  const { body, commandId, clinicId } = command;
  const receivedAt = timeOfReceipt(command, body);
  const { settings } = await records.clinics.byId(clinicId);

  const answer = await changeMeeting(deps, command, async (meeting) => {
    const { meetingId, terms, course } = meeting;
    const untimely = receivedBeforeTheTimeWasSet(meeting, body.receivedAt);
    if (untimely) return untimely;
    const startVersion = course.time.startVersion + 1;
    const durationMinutes = body.durationMinutes ?? minutesBetween(course.time.startAt, course.time.endAt);
    const time = meetingTime(startVersion, body.startAt, durationMinutes, terms);
    const answer = await temporal.rebookMeeting(meetingId, commandId, {
      startVersion: body.forStartVersion ?? course.time.startVersion,
      receivedAt,
      calledAt: command.receivedAt,
      by: body.by,
      late: body.by === 'patient' && insideNotice(receivedAt, course.time.startAt, terms.noticeHours),
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
    });
    if ('snapshot' in answer) {
      const moved = answer.snapshot.time;
      await records.meetings.addTime(meetingId, {
        startVersion: moved.startVersion,
        startAt: moved.startAt,
        endAt: moved.endAt,
        // Who asks for another time agrees to it; a time that the clinic sets is agreed only where staff say so (R1.1).
        agreed: body.agreed ?? body.by === 'patient',
        roomName: roomName(roomKey, meetingId, moved.startVersion),
        setBy: body.by,
        setInsideNotice: insideNotice(receivedAt, moved.startAt, terms.noticeHours),
      });
    }
    return answer;
  });
  if (answer.status !== 200) return answer;
  const moved = await records.meetings.get(command.params.meetingId ?? '');
  return {
    ...answer,
    body: { ...(answer.body as object), warnings: await warningsOf(records.meetings, moved) },
  };
};
