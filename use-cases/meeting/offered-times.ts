import { msOf } from '../../rules/instant';
import type { ChooseOfferedTime, OfferTimes } from './bodies';
import { notFound, problem, type CarryOut } from '../command';
import { rebookMeeting } from './rebook';

/**
 * The clinic holds these times free for a meeting, for its patient to choose among (R1.6); none takes them
 * back.
 */
export const offerTimes: CarryOut<OfferTimes> = async ({ records }, command) => {
  const { clinicId, params, body, receivedAt } = command;
  const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  if (meeting.course.state === 'ended') return problem(409, 'ended', 'The meeting has ended.');
  await records.offeredTimes.offer(meeting.meetingId, body.startAts, receivedAt);
  return { status: 200, body: { meetingId: meeting.meetingId, startAts: body.startAts } };
};

/**
 * The patient moves the meeting to one of the times that the clinic offered, and to no other. Nobody else
 * gets that time then (R1.5, R1.6).
 */
export const chooseOfferedTime: CarryOut<ChooseOfferedTime> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, commandId, receivedAt } = command;
  const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  const isPast = msOf(body.startAt) <= msOf(receivedAt);
  if (isPast || !(await records.offeredTimes.choose(meeting.meetingId, body.startAt, commandId)))
    return problem(409, 'not-offered', 'The clinic does not offer this time, or another was chosen.');
  const answer = await rebookMeeting(deps, {
    ...command,
    body: { ...body, by: 'patient', durationMinutes: null, receivedAt: null, agreed: null },
  });
  if (answer.status >= 400) await records.offeredTimes.giveBack(meeting.meetingId, commandId);
  return answer;
};
