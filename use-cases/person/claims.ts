import type { Records } from '../../records';
import type { Answer, Command } from '../../records/commands';
import type { Claim } from '../../records/claims';
import type { Meeting } from '../../records/meetings';
import { nameOf } from '../../rules/actor';
import { stopOf } from '../../rules/calendar/guardian';
import { birthDatesOf } from '../../rules/personal-number';
import type { DecideClaim } from './bodies';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { patientOf } from '../notice/patient-of';
import { newPerson, recordPerson } from './commands';
import { finishTasksOf } from '../task/commands';

/**
 * Staff say whether the one who logged in with an invitation's link is whom they invited (R4.2). Approved,
 * the invitation is that person's and nobody else's; the others who claimed it are refused.
 */
export const decideClaim: CarryOut<DecideClaim> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, params, body, commandId, actor, receivedAt } = command;
  const meeting = await records.meetings.find(clinicId, params.meetingId ?? '');
  if (!meeting) return notFound('meeting');
  if (!meeting.participants.some(({ participantId }) => participantId === params.participantId))
    return notFound('participant');
  const ofInvitation = (await records.claims.ofMeeting(meeting.meetingId)).filter(
    ({ participantId, state }) => participantId === params.participantId && state !== 'arrived',
  );
  const claim = ofInvitation.find(({ claimId }) => claimId === body.claimId);
  if (!claim) return wrongField('/body/claimId', 'unknown-claim', 'Nobody has claimed this invitation so.');
  if (claim.state === 'lapsed' || (claim.state === 'asked' && meeting.course.state === 'ended'))
    return problem(409, 'meeting-over', 'The meeting is over: nobody is let in any more.');
  if (claim.state !== 'asked' && claim.commandId !== commandId)
    return problem(409, 'decided-already', 'This claim has been decided. Read the claims again.');

  if (body.approved && claim.state === 'asked') {
    const refused = await bind(deps, command, meeting, claim);
    if (refused) return refused;
  }
  const decision = { by: nameOf(actor), at: receivedAt, commandId };
  await records.claims.decide(claim.claimId, { ...decision, state: body.approved ? 'approved' : 'refused' });
  if (body.approved) {
    for (const other of ofInvitation)
      if (other.claimId !== claim.claimId)
        await records.claims.decide(other.claimId, { ...decision, state: 'refused' });
  }
  const left = (await records.claims.ofMeeting(meeting.meetingId)).filter(({ state }) => state === 'asked');
  if (left.length === 0) await finishTasksOf(deps, meeting.meetingId, 'approve-participant', command);
  return { status: 200, body: await claimsView(records, meeting) };
};

/** Gives the invitation to the person's record at the clinic, which is made where there is none. */
async function bind(
  deps: CommandDeps,
  command: Command,
  meeting: Meeting,
  { who, participantId }: Claim,
): Promise<Answer | null> {
  const { records } = deps;
  const { clinicId } = command;
  if (!who) return problem(409, 'decided-already', 'This claim has been decided. Read the claims again.');
  const { identity, name } = who;
  let person = await records.people.findByIdentity(clinicId, identity);
  if (!person) {
    const personal = {
      name: name ?? NAMELESS,
      identity,
      // Who has logged in has a personal number, which tells the one day (R7.4).
      birthDate: birthDatesOf(identity).first,
      mobile: null,
      email: null,
      unsuitableWays: [],
    };
    const known = { personal, language: 'sv', noticesBy: 'sms', protectedIdentity: false } as const;
    await recordPerson(deps, command, newPerson(command, known));
    person = await records.people.findByIdentity(clinicId, identity);
    if (!person) throw new Error('a person was recorded and has gone');
  }
  const { personId } = person;
  if (stopOf(await patientOf(records.people, meeting), personId, new Date(command.receivedAt)))
    return problem(
      409,
      'guardian-stopped',
      'Staff have stopped this person from acting for the patient (R7.3).',
    );
  if (meeting.participants.some((each) => each.personId === personId && each.participantId !== participantId))
    return problem(409, 'person-twice', 'This person takes part in the meeting already.');
  return (await records.meetings.bindParticipant(meeting.meetingId, participantId, personId))
    ? null
    : problem(409, 'claimed-already', 'The invitation is somebody else’s by now.');
}

/** Some providers tell no name; staff can add it to the person. */
const NAMELESS = 'Namn saknas';

/** The claims on a meeting's invitations as staff read them: who it is only while they are asked. */
export async function claimsView({ claims }: Pick<Records, 'claims'>, { meetingId, participants }: Meeting) {
  const all = await claims.ofMeeting(meetingId);
  return {
    items: all
      .filter(({ state }) => state !== 'arrived')
      .map(({ claimId, participantId, state, who, askedAt, decidedBy, decidedAt }) => ({
        claimId,
        participantId,
        role: participants.find((each) => each.participantId === participantId)?.role ?? null,
        state,
        name: who?.name ?? null,
        personalNumber: who?.identity.number ?? null,
        askedAt,
        decidedBy,
        decidedAt,
      })),
  };
}
