import { roomName } from '../../jitsi/room-name';
import { fractionOf, randomId } from '../../platform/keys/random-id';
import type { ClinicSettings } from '../../records/clinics';
import type { Answer, Command } from '../../records/commands';
import { gatesWith } from './gates';
import { saveConsentTask } from './consent-task';
import { saveBooking } from '../read-models/meeting-and-invoice';
import type { Booking, Meeting, MeetingTimeRecord } from '../../records/meetings';
import type { Person } from '../../records/people';
import { nameOf } from '../../rules/actor';
import { ADULT_AGE } from '../../rules/ages';
import { ageAt } from '../../rules/calendar/age';
import { stopOf } from '../../rules/calendar/guardian';
import { mayEverHear, wayTo } from '../../rules/calendar/who-hears';
import { noticePlan } from '../../rules/calendar/notice-plan';
import { registrationReminders } from '../../rules/calendar/registration';
import type { Instant } from '../../rules/instant';
import { insideCancellationNotice } from '../../rules/cancellation';
import { meetingTime, RULES_VERSION, type MeetingTerms } from '../../rules/meeting';
import type { PlannedNotice } from '../../rules/notices';
import { suitabilityProblems, type SuitabilityProblem } from '../../rules/suitability';
import { CARE_MEETING_WORKFLOW, type MeetingInput, type Recipient } from '../../workflows/meeting/messages';
import { firstSnapshot } from '../../workflows/meeting/snapshot';
import type { BookMeeting } from './bodies';
import { notFound, problem, wrongField, type CarryOut, type CommandDeps } from '../command';
import { clinicOf, personOf } from '../read-before';
import { meetingView, warningsOf } from './view';

/**
 * Books a meeting (R1.1): its record first, since the workflow looks at it at once, then the workflow under
 * the same id.
 */
export const bookMeeting: CarryOut<BookMeeting> = async (deps, command) => {
  const { records } = deps;
  const { clinicId, body, targetId: meetingId, receivedAt } = command;
  // The first run, in the request that the command came with, finds none of an earlier one.
  if (!deps.readBefore) {
    const earlier = await records.meetings.find(clinicId, meetingId);
    if (earlier) return bookedBefore(deps, earlier, receivedAt);
  }

  const now = new Date(receivedAt);
  const found = await readFor(deps, clinicId, body, now);
  if ('refused' in found) return found.refused;
  const { booking, time, input: planned } = planOf(deps, command, found, fractionOf(meetingId));
  const recipients = recipientsOf(booking, await peopleBySms(deps, booking, found.settings, now));
  const input: MeetingInput = { ...planned, recipients };
  const course = firstSnapshot(input);
  // Another process that took the command over meanwhile was first: what it has promised stands.
  if (!(await saveBooking(records, booking, time, course, body.suitability)))
    return bookedBefore(deps, await records.meetings.get(meetingId), receivedAt);
  // A no that came since the patient was read has found no meeting to tell of.
  if (await records.people.hasRefusedCareHistory(body.patientId))
    await saveConsentTask(records, meetingId, now);
  return started(deps, meetingFrom(booking, time, course), input);
};

/** A booking that has not been made: the meeting that it would make, and what else would come of it. */
export interface ForeseenBooking {
  meeting: Meeting;
  patient: Person;
  warnings: Awaited<ReturnType<typeof warningsOf>>;
}

/**
 * What a booking would make, or why it would be refused, for a look before it is made. Nothing is written.
 * Reminders at a clock time are told without their spread (R2.5).
 */
export async function foreseeBooking(
  deps: BookingReads,
  request: Pick<Command, 'clinicId' | 'actor' | 'receivedAt'> & { body: BookMeeting },
): Promise<{ refused: Answer } | ForeseenBooking> {
  const found = await readFor(deps, request.clinicId, request.body, new Date(request.receivedAt));
  if ('refused' in found) return found;
  const { booking, time, input } = planOf(deps, { ...request, targetId: randomId() }, found, 0);
  const meeting = meetingFrom(booking, time, firstSnapshot(input));
  return { meeting, patient: found.patient, warnings: await warningsOf(deps.records.meetings, meeting) };
}

/** What is read of a clinic for a booking. */
type BookingReads = Pick<CommandDeps, 'records' | 'roomKey' | 'readBefore'>;

/** Whom and by which settings a booking is made. */
interface FoundForBooking {
  settings: ClinicSettings;
  patient: Person;
}

/** Reads what a booking is made with, or why it is refused. */
async function readFor(
  deps: BookingReads,
  clinicId: string,
  body: BookMeeting,
  now: Date,
): Promise<{ refused: Answer } | FoundForBooking> {
  const { settings } = await clinicOf(deps, clinicId);
  const patient = await personOf(deps, clinicId, body.patientId);
  const wrong = await wrongReference(deps, clinicId, settings, body, patient, now);
  if (wrong || !patient) return { refused: wrong ?? notFound('person') };
  const unsuitable = notSuitable(body, patient);
  return unsuitable ? { refused: unsuitable } : { settings, patient };
}

const meetingFrom = (booking: Booking, time: MeetingTimeRecord, course: Meeting['course']): Meeting => ({
  ...booking,
  times: [time],
  course,
  corrections: [],
  facts: {},
});

/**
 * A booking's record, its time, and what its workflow starts with, but for who may hear of it.
 *
 * @param spread where in the minutes after a clock time its reminders come: from 0 to less than 1
 */
function planOf(
  { roomKey }: Pick<CommandDeps, 'roomKey'>,
  {
    clinicId,
    body,
    targetId: meetingId,
    receivedAt,
    actor,
  }: Pick<Command, 'clinicId' | 'targetId' | 'receivedAt' | 'actor'> & { body: BookMeeting },
  { settings, patient }: FoundForBooking,
  spread: number,
): { booking: Booking; time: MeetingTimeRecord; input: MeetingInput } {
  const booking: Booking = {
    meetingId,
    clinicId,
    patientId: body.patientId,
    participants: [
      { role: 'patient' as const, personId: body.patientId, staffId: null },
      ...body.participants,
    ].map((participant) => ({ ...participant, participantId: randomId() })),
    formIds: body.formIds,
    terms: termsOf(body, settings),
    reference: body.reference,
    bookedBy: nameOf(actor),
    bookedAt: receivedAt,
    workflow: CARE_MEETING_WORKFLOW,
  };
  const now = new Date(receivedAt);
  const time = meetingTime(1, body.startAt, body.durationMinutes, booking.terms);
  const input: MeetingInput = {
    meetingId,
    clinicId,
    bookedAt: receivedAt,
    planned: {
      time,
      notices: noticePlan({
        notice: 'booking',
        now,
        time,
        rules: settings.noticeRules,
        spread,
      }),
      registrationReminders: registrationReminders(time.endAt),
    },
    // A new meeting has no form filled in.
    gates: gatesWith(booking.formIds, new Set(), patient, now),
  };
  const timeRecord: MeetingTimeRecord = {
    startVersion: 1,
    startAt: time.startAt,
    endAt: time.endAt,
    agreed: body.agreed,
    roomName: roomName(roomKey, meetingId, 1),
    setBy: 'clinic',
    setInsideNotice: insideCancellationNotice(
      receivedAt,
      time.startAt,
      booking.terms.cancellationNoticeHours,
    ),
  };
  return { booking, time: timeRecord, input };
}

/** Booked by an earlier run of this command, which got no further: what it has promised stands. */
async function bookedBefore(deps: CommandDeps, earlier: Meeting, receivedAt: Instant): Promise<Answer> {
  await saveConsentTask(deps.records, earlier.meetingId, new Date(receivedAt));
  return started(deps, earlier, inputOf(earlier));
}

async function started(
  { records: { meetings }, temporal, clock }: CommandDeps,
  meeting: Meeting,
  input: MeetingInput,
): Promise<Answer> {
  await temporal.startMeeting(input);
  const warnings = await warningsOf(meetings, meeting);
  return { status: 201, body: { ...meetingView(meeting, clock.now()), warnings } };
}

/**
 * What the workflow of a recorded booking starts with. One that runs already is not started again, whatever
 * it is given.
 */
export const inputOf = ({
  meetingId,
  clinicId,
  bookedAt,
  course,
  workflow,
  participants,
}: Meeting): MeetingInput => ({
  meetingId,
  clinicId,
  bookedAt,
  planned: {
    time: course.time,
    // Those of earlier times were done or dropped; given to this time they would go again.
    notices: course.notices
      .filter(({ startVersion }) => startVersion === course.time.startVersion)
      .map(({ kind, dueAt, lastUsefulAt, skip }) => ({
        kind,
        dueAt,
        lastUsefulAt,
        skip: skip as PlannedNotice['skip'],
      })),
    registrationReminders: registrationReminders(course.time.endAt),
  },
  gates: course.gates,
  ...(workflow ? { recipients: recipientsOf({ participants }) } : {}),
});

/**
 * All who may ever hear of a meeting: whether they do is decided for each notice (R7.1, R7.2). One whose SMS
 * comes through the queue for e-mail is asked for again through its own.
 *
 * @param bySms the people whom an SMS goes to, as far as is known
 */
const recipientsOf = (
  { participants }: Pick<Booking, 'participants'>,
  bySms: ReadonlySet<string> = new Set(),
): Recipient[] =>
  participants.flatMap(({ participantId, role, personId }, index): Recipient[] =>
    personId !== null && mayEverHear(role)
      ? [{ participantId, number: index + 1, queue: bySms.has(personId) ? 'sms' : 'email' }]
      : [],
  );

/** The people of a booking whom an SMS goes to as things are. */
async function peopleBySms(
  deps: CommandDeps,
  { clinicId, participants }: Booking,
  settings: ClinicSettings,
  now: Date,
): Promise<Set<string>> {
  const bySms = new Set<string>();
  for (const { role, personId } of participants) {
    const person = personId !== null && mayEverHear(role) ? await personOf(deps, clinicId, personId) : null;
    if (person && wayTo({ ...person, ...person.personal }, settings, now).channel === 'sms')
      bySms.add(person.personId);
  }
  return bySms;
}

/** The first id or code in the booking that the clinic does not have, as an answer that names the field. */
async function wrongReference(
  deps: BookingReads,
  clinicId: string,
  settings: ClinicSettings,
  body: BookMeeting,
  patient: Person | null,
  now: Date,
): Promise<Answer | null> {
  const noPerson = 'The clinic has no such person.';
  if (!patient) return wrongField('/body/patientId', 'unknown-person', noPerson);
  if (!settings.fees.some((fee) => fee.feeCode === body.feeCode)) {
    return wrongField('/body/feeCode', 'unknown-fee-code', 'The clinic has no such fee code.');
  }
  const seen = new Set([body.patientId]);
  for (const [index, { personId }] of body.participants.entries()) {
    if (personId === null) continue;
    if (seen.has(personId)) {
      return wrongField(
        `/body/participants/${index}/personId`,
        'person-twice',
        'Each person takes part once.',
      );
    }
    seen.add(personId);
    if (!(await personOf(deps, clinicId, personId))) {
      return wrongField(`/body/participants/${index}/personId`, 'unknown-person', noPerson);
    }
    // As whatever they would come: from what is the child's they are kept.
    if (stopOf(patient, personId, now)) {
      return wrongField(
        `/body/participants/${index}/personId`,
        'guardian-stopped',
        'Staff have stopped this guardian from acting for the patient (R7.3).',
      );
    }
  }
  for (const [index, formId] of body.formIds.entries()) {
    if (!(await deps.records.forms.find(clinicId, formId))) {
      return wrongField(`/body/formIds/${index}`, 'unknown-form', 'The clinic has no such form.');
    }
  }
  return null;
}

/** Why a digital meeting does not suit this patient (R1.2), by the age at the start; null where it does. */
function notSuitable({ suitability, startAt }: BookMeeting, patient: Person): Answer | null {
  const isChild = ageAt(patient.personal.birthDate, new Date(startAt)) < ADULT_AGE;
  // Of an adult it is health data that nothing here needs.
  if (suitability.disability && !isChild) {
    return wrongField(
      '/body/suitability/disability',
      'not-asked-here',
      'A disability is asked about for children only.',
    );
  }
  const problems = suitabilityProblems(suitability, isChild);
  if (problems.length === 0) return null;
  return problem(
    422,
    'not-suitable',
    'By this assessment a digital meeting does not suit.',
    problems.map(({ question, reason }) => ({
      field: `/body/suitability/answers/${question}`,
      reason,
      message: suitabilityTexts[reason],
    })),
  );
}

const suitabilityTexts: Record<SuitabilityProblem['reason'], string> = {
  'answer-missing': 'must be answered for this patient',
  'not-suitable': 'is answered no: offer other care',
  'not-asked-here': 'is not asked for this patient',
};

/**
 * What the clinic promises for this meeting, copied in so that later settings do not touch it (design,
 * decision 3).
 */
const termsOf = (body: BookMeeting, settings: ClinicSettings): MeetingTerms => ({
  agreed: body.agreed,
  toldOfFee: body.toldOfFee,
  correspondsToVisit: body.correspondsToVisit,
  feeCode: body.feeCode,
  cancellationNoticeHours: body.noticeHours ?? settings.cancellationNoticeHours,
  interpreterNeeded: body.interpreterNeeded,
  graceMinutes: settings.graceMinutes,
  doorOpensMinutesBefore: settings.doorOpensMinutesBefore,
  overrunMinutes: settings.overrunMinutes,
  rulesVersion: RULES_VERSION,
});
