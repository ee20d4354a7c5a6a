import { cancellationPlan } from '../../rules/calendar/notice-plan';
import { cancellationOutcome } from '../../rules/cancellation';
import type { CancelMeeting } from './bodies';
import { seenVersion, timeOfVersion } from '../as-received';
import { clinicOf } from '../read-before';
import { changeMeeting, receivedBeforeTheTimeWasSet, timeOfReceipt } from './send';
import type { CarryOut } from '../command';

/**
 * Cancels a meeting; late or in time is judged by the time of receipt, for the time that was cancelled (R1.5,
 * R5.3).
 */
export const cancelMeeting: CarryOut<CancelMeeting> = async (deps, command) => {
  const { temporal } = deps;
  const { body, commandId, clinicId } = command;
  const receivedAt = timeOfReceipt(command, body);
  const { settings } = await clinicOf(deps, clinicId);

  return changeMeeting(deps, command, async (meeting) => {
    const { meetingId, course, terms } = meeting;
    const { time } = course;
    const seen = body.forStartVersion ?? seenVersion(command, meeting);
    const { startAt } = timeOfVersion(meeting, seen);
    return (
      receivedBeforeTheTimeWasSet(meeting, seen, body.receivedAt) ??
      temporal.cancelMeeting(meetingId, commandId, {
        startVersion: body.forStartVersion ?? time.startVersion,
        receivedAt,
        calledAt: command.receivedAt,
        outcome: cancellationOutcome(body.by, receivedAt, startAt, terms.cancellationNoticeHours),
        notice: cancellationPlan({ now: new Date(command.receivedAt), time, rules: settings.noticeRules }),
      })
    );
  });
};
