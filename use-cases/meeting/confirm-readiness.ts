import { saveDoubt } from '../notice/doubtful-outcome';
import type { Confirmation } from '../../records/evidence';
import type { Meeting } from '../../records/meetings';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { Instant } from '../../rules/instant';
import { readinessPoints } from '../../rules/readiness';
import { nameOf } from '../../rules/actor';
import { isAroundPatient } from '../../rules/presence';
import { seenVersion, wasOver } from '../as-received';
import { meetingOf } from '../read-before';
import type { ConfirmReadiness, NoteTry } from './bodies';
import { notFound, problem, wrongField, type CarryOut } from '../command';
import { meetingView } from './view';
import { finishTasksOf } from '../task/commands';
import { noteRefusedEntry } from '../notice/nudge';
import { tellFactNow } from './facts';

/**
 * Staff confirm what R4.7 asks for, of the time that they saw: before the door opens, and at the start. The
 * door opens for the patient after the first.
 */
export const confirmReadiness: CarryOut<ConfirmReadiness> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, actor, receivedAt } = command;
  const meeting = await meetingOf(deps, clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  const { meetingId, course } = meeting;
  if (wasOver(command, meeting)) return problem(409, 'ended', 'The meeting has ended.');
  const startVersion = seenVersion(command, meeting);
  await records.evidence.confirm({
    meetingId,
    startVersion,
    moment: body.moment,
    by: nameOf(actor),
    at: receivedAt,
    ...(body.moment === 'before-opening' ? roomOf(body, meeting, nameOf(actor), receivedAt) : {}),
  });
  // Of a time that the meeting has no more it is kept, and says nothing of the new one.
  const isNews = body.moment === 'before-opening' && startVersion === course.time.startVersion;
  const clinicReady = course.clinicReady || isNews;
  // Before the workflow hears of it, which would end the task without knowing who has done it.
  if (clinicReady) await finishTasksOf(deps, meetingId, 'clinic-not-ready', command);
  if (isNews) await tellFactNow(deps, meetingId, 'readiness');
  const read = await records.meetings.get(meetingId);
  const known = { ...read, course: { ...read.course, clinicReady } };
  return { status: 200, body: meetingView(known, deps.clock.now()) };
};

/**
 * What was confirmed of the room, point by point. On its day it is remembered of whoever takes part
 * (remembered-room.ts): whoever confirms for a colleague does not sit there.
 */
function roomOf(
  body: Extract<ConfirmReadiness, { moment: 'before-opening' }>,
  { clinicId, participants }: Meeting,
  by: string,
  at: Instant,
): Partial<Confirmation> {
  const isOwn = participants.some(({ staffId }) => staffId === by);
  return {
    points: readinessPoints.filter((point) => body[point] === true),
    // One that was stored by an earlier release has none.
    inRoom: body.inRoom ?? null,
    ...(isOwn ? { clinicId, day: inStockholm(new Date(at)).toISODate() } : {}),
  };
}

/** Somebody told the clinic that they cannot get in: a sign that the patient tried (R5.6). */
export const noteTry: CarryOut<NoteTry> = async (deps, command) => {
  const { records, clock } = deps;
  const { clinicId, params, body, receivedAt } = command;
  const meeting = await meetingOf(deps, clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  const participant = meeting.participants.find(({ participantId }) => participantId === body.participantId);
  if (!participant) {
    return wrongField(
      '/body/participantId',
      'unknown-participant',
      'Nobody of that id takes part in this meeting.',
    );
  }
  const { meetingId } = meeting;
  const startVersion = seenVersion(command, meeting);
  await noteRefusedEntry(deps, {
    meetingId,
    startVersion,
    participantId: participant.participantId,
    role: participant.role,
    reasons: ['said-so'],
    at: body.receivedAt ?? receivedAt,
  });
  if (isAroundPatient(participant.role)) {
    await saveDoubt(records, { meetingId, startVersion }, 'patient-tried-to-come-in', clock.now());
  }
  return { status: 200, body: meetingView(meeting, clock.now()) };
};
