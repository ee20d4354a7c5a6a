import { roomName } from '../jitsi/room-name';
import { randomId } from '../keys/random-id';
import { noticePlan } from '../rules/calendar/notice-plan';
import { insideNotice } from '../rules/cancellation';
import { meetingTime, RULES_VERSION, type MeetingTerms } from '../rules/meeting';
import { firstSnapshot, type MeetingInput } from '../workflows/meeting/messages';
import type { Participant } from '../records/meetings';
import type { BookMeeting } from './bodies';
import { meetingView } from './meeting-view';
import { notFound, wrongField, type CarryOut } from './command';

/** Books a meeting (R1.1): its record first, since the workflow looks at it at once, then the workflow under the same id. */
export const bookMeeting: CarryOut<BookMeeting> = async (deps, command) => {
  const { records, temporal, roomKey } = deps;
  const { clinicId, body, targetId: meetingId, receivedAt } = command;

  const { settings } = await records.clinics.byId(clinicId);
  if (!settings.fees.some((fee) => fee.feeCode === body.feeCode)) {
    return wrongField('/body/feeCode', 'unknown-fee-code', 'The clinic has no such fee code.');
  }
  const people = [{ field: '/body/patientId', personId: body.patientId }].concat(
    body.participants.flatMap(({ personId }, index) =>
      personId === null ? [] : [{ field: `/body/participants/${index}/personId`, personId }],
    ),
  );
  for (const { field, personId } of people) {
    if (!(await records.people.find(clinicId, personId))) {
      return wrongField(field, 'unknown-person', 'The clinic has no such person.');
    }
  }
  for (const [index, formId] of body.formIds.entries()) {
    if (!(await records.forms.find(clinicId, formId))) {
      return wrongField(`/body/formIds/${index}`, 'unknown-form', 'The clinic has no such form.');
    }
  }

  const terms: MeetingTerms = {
    agreed: body.agreed,
    toldOfFee: body.toldOfFee,
    correspondsToVisit: body.correspondsToVisit,
    feeCode: body.feeCode,
    noticeHours: body.noticeHours ?? settings.noticeHours,
    graceMinutes: settings.graceMinutes,
    doorOpensMinutesBefore: settings.doorOpensMinutesBefore,
    overrunMinutes: settings.overrunMinutes,
    rulesVersion: RULES_VERSION,
  };
  const time = meetingTime(1, body.startAt, body.durationMinutes, terms);
  const input: MeetingInput = {
    meetingId,
    clinicId,
    bookedAt: receivedAt,
    planned: {
      time,
      notices: noticePlan({
        notice: 'booking',
        now: new Date(receivedAt),
        time,
        rules: settings.noticeRules,
      }),
    },
  };
  const patient: Participant = {
    participantId: randomId(),
    role: 'patient',
    personId: body.patientId,
    staffId: null,
  };
  await records.meetings.add(
    {
      meetingId,
      clinicId,
      patientId: body.patientId,
      participants: [patient, ...body.participants.map((each) => ({ ...each, participantId: randomId() }))],
      formIds: body.formIds,
      durationMinutes: body.durationMinutes,
      terms,
      bookedBy: command.staffId,
      bookedAt: receivedAt,
    },
    {
      startVersion: 1,
      startAt: time.startAt,
      roomName: roomName(roomKey, meetingId, 1),
      setBy: 'clinic',
      setInsideNotice: insideNotice(receivedAt, time.startAt, terms.noticeHours),
    },
    firstSnapshot(input),
  );
  await temporal.startMeeting(input);
  const meeting = await records.meetings.find(clinicId, meetingId);
  return meeting ? { status: 201, body: meetingView(meeting) } : notFound('meeting');
};
