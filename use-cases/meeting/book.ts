import { roomName } from '../../jitsi/room-name';
import { fractionOf, randomId } from '../../platform/keys/random-id';
import type { Records } from '../../records';
import type { ClinicSettings } from '../../records/clinics';
import type { Answer } from '../../records/commands';
import { gatesOf } from './gates';
import { saveConsentTask } from './consent-task';
import { saveBooking } from '../read-models/meeting-and-invoice';
import type { Booking, Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';
import { nameOf } from '../../rules/actor';
import { ADULT_AGE } from '../../rules/ages';
import { ageAt } from '../../rules/calendar/age';
import { noticePlan } from '../../rules/calendar/notice-plan';
import { registrationReminders } from '../../rules/calendar/registration';
import { insideCancellationNotice } from '../../rules/cancellation';
import { meetingTime, RULES_VERSION, type MeetingTerms } from '../../rules/meeting';
import type { PlannedNotice } from '../../rules/notices';
import { suitabilityProblems, type SuitabilityProblem } from '../../rules/suitability';
import type { TemporalGateway } from '../../temporal/gateway';
import type { MeetingInput } from '../../workflows/meeting/messages';
import { firstSnapshot } from '../../workflows/meeting/snapshot';
import type { BookMeeting } from './bodies';
import { notFound, problem, wrongField, type CarryOut } from '../command';
import { meetingView, warningsOf } from './view';

/**
 * Books a meeting (R1.1): its record first, since the workflow looks at it at once, then the workflow under
 * the same id.
 */
export const bookMeeting: CarryOut<BookMeeting> = async ({ records, temporal, roomKey }, command) => {
  const { clinicId, body, targetId: meetingId, receivedAt, actor } = command;
  const earlier = await records.meetings.find(clinicId, meetingId);
  // Booked by an earlier run of this command, which got no further: what it has promised stands.
  if (earlier) {
    await saveConsentTask(records, meetingId, new Date(receivedAt));
    return started(records, temporal, earlier, inputOf(earlier));
  }

  const { settings } = await records.clinics.byId(clinicId);
  const patient = await records.people.find(clinicId, body.patientId);
  const wrong = await wrongReference(records, clinicId, settings, body, patient);
  if (wrong || !patient) return wrong ?? notFound('person');
  const unsuitable = notSuitable(body, patient);
  if (unsuitable) return unsuitable;

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
        spread: fractionOf(meetingId),
      }),
      registrationReminders: registrationReminders(time.endAt),
    },
    gates: await gatesOf(records.forms, booking, patient, now),
  };
  await records.suitabilities.save(meetingId, body.patientId, body.suitability);
  await saveBooking(
    records,
    booking,
    {
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
    },
    firstSnapshot(input),
  );
  const meeting = await records.meetings.get(meetingId);
  await saveConsentTask(records, meetingId, now);
  return started(records, temporal, meeting, input);
};

async function started(
  { meetings }: Records,
  temporal: TemporalGateway,
  meeting: Meeting,
  input: MeetingInput,
): Promise<Answer> {
  await temporal.startMeeting(input);
  return { status: 201, body: { ...meetingView(meeting), warnings: await warningsOf(meetings, meeting) } };
}

/**
 * What the workflow of a recorded booking starts with. One that runs already is not started again, whatever
 * it is given.
 */
export const inputOf = ({ meetingId, clinicId, bookedAt, course }: Meeting): MeetingInput => ({
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
});

/** The first id or code in the booking that the clinic does not have, as an answer that names the field. */
async function wrongReference(
  records: Records,
  clinicId: string,
  settings: ClinicSettings,
  body: BookMeeting,
  patient: Person | null,
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
    if (!(await records.people.find(clinicId, personId))) {
      return wrongField(`/body/participants/${index}/personId`, 'unknown-person', noPerson);
    }
  }
  for (const [index, formId] of body.formIds.entries()) {
    if (!(await records.forms.find(clinicId, formId))) {
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
