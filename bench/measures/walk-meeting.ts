import { randomUUID } from 'node:crypto';
import { bookMeeting } from '../../use-cases/meeting/book';
import { reminderBefore } from '../../local/made-up-clinic';
import { outcomeOf } from '../../records/meetings';
import { systemClock } from '../../rules/clock';
import type { Bench } from '../bench';
import { keysOf } from '../settings';
import { bookingCommand } from '../rig/booking-command';
import { clinicSettings } from '../rig/clinic-settings';
import { addPatients } from '../rig/patients';
import type { ServiceRig } from '../rig/service-rig';
import { until, untilInstant } from '../waiting';

/**
 * Seconds before the start at which the morning message is due, and at which the door opens with the message
 * that it soon begins.
 */
const MORNING_SECONDS = 9;
const DOOR_SECONDS = 5;
const STARTS_IN_SECONDS = 12;
const LASTS_SECONDS = 12;

const minutesOf = (seconds: number): number => seconds / 60;

/**
 * A clinic whose meetings pass in seconds. No clock is faked, and the order of things is that of a clinic's
 * own rules.
 */
export const quickClinic: typeof clinicSettings = {
  ...clinicSettings,
  doorOpensMinutesBefore: minutesOf(DOOR_SECONDS),
  noticeRules: {
    reminders: {
      morning: reminderBefore(minutesOf(MORNING_SECONDS)),
      soon: reminderBefore(minutesOf(DOOR_SECONDS)),
      start: reminderBefore(0, 1),
    },
    quietHours: null,
  },
};

/** Over 84: the invoice waits for an approval, where two weekdays would be too long for a bench (R5.7). */
const BIRTH_DATE = '1930-05-17';

interface ShownMeeting {
  participants: { role: string; participantId: string }[];
}

/**
 * Takes one meeting through all of its life: booked, consent given and form filled in, four SMS, staff ready,
 * both let in, both in the room and out of it, settled as completed, its invoice approved and accepted, the
 * visit registered.
 * @returns the meeting's id; null where the machine was too busy and the meeting came to something else
 */
export async function walkMeeting(bench: Bench, service: ServiceRig): Promise<string | null> {
  const { records, temporal, clinicId, call, http } = service;
  const keys = keysOf(bench.settings);
  const [patientId = ''] = await addPatients(records, clinicId, 1, BIRTH_DATE);
  await call('PUT', `/clinic/people/${patientId}/care-history-consent`, { given: false, givenBy: 'person' });
  const { formId } = await call<{ formId: string }>('POST', '/clinic/forms', form);

  // By the command itself: the API takes whole minutes.
  const startsAt = Date.now() + STARTS_IN_SECONDS * 1_000;
  const command = bookingCommand(clinicId, patientId, new Date(startsAt), {
    durationMinutes: minutesOf(LASTS_SECONDS),
    formIds: [formId],
  });
  await bookMeeting({ records, temporal, clock: systemClock, roomKey: keys.roomKey }, command);
  const meetingId = command.targetId;
  const path = `/clinic/meetings/${meetingId}`;
  const { participants } = await call<ShownMeeting>('GET', path);
  const participantId = (role: string): string =>
    participants.find((each) => each.role === role)?.participantId ?? '';
  const [staff, patient] = [participantId('staff'), participantId('patient')];
  const courseNow = async () => (await records.meetings.get(meetingId)).course;
  const noticesDone = async (count: number): Promise<void> =>
    until(
      `${count} notices`,
      async () => (await courseNow()).notices.filter(({ state }) => state === 'done').length >= count,
      { timeoutMs: 120_000 },
    );

  const enter = (id: string): Promise<unknown> =>
    call('POST', `${path}/entry`, { participantId: id, identityChecked: 'known-to-staff' });
  const { roomName } = (await records.meetings.get(meetingId)).times[0]!;
  const reportToken = { authorization: `Bearer ${keys.jitsiEventsSecret}` };
  const occupants = { [staff]: randomUUID(), [patient]: randomUUID() };
  const report = async (what: 'joined' | 'left', id: string): Promise<void> => {
    const { status } = await http.call('POST', `/hooks/jitsi/events/occupant/${what}`, reportToken, {
      room_name: roomName,
      occupant: { id, occupant_jid: occupants[id], [`${what}_at`]: Math.floor(Date.now() / 1_000) },
    });
    if (status >= 300) throw new Error(`a report of the room was answered ${status}`);
  };

  await noticesDone(1);
  await call('PUT', `/clinic/people/${patientId}/care-history-consent`, { given: true, givenBy: 'person' });
  await call('PUT', `${path}/forms/${formId}/answers`, { answers: { how: 3 }, answeredBy: 'patient' });
  await call('POST', `${path}/confirmations`, {
    moment: 'before-opening',
    room: true,
    background: true,
    clothing: true,
    nameBadge: true,
  });
  await noticesDone(3);
  await until('the door', async () => (await courseNow()).state !== 'ready');
  await enter(staff);
  await report('joined', staff);
  await untilInstant(startsAt);
  // One who is in the room already gets no fourth message (R2.1).
  await noticesDone(4);
  await enter(patient);
  await report('joined', patient);
  await call('POST', `${path}/confirmations`, { moment: 'at-start', allPresentAreEntitled: true });
  await until('the two to have met', async () => ['under-way', 'ended'].includes((await courseNow()).state));
  await report('left', patient);
  await report('left', staff);

  await until('the outcome', async () => (await courseNow()).state === 'ended');
  const outcome = outcomeOf(await records.meetings.get(meetingId))?.outcome;
  if (outcome !== 'completed') return null;
  await until('the invoice', async () => (await invoicesOf(service, path)).length === 1);
  const [invoice] = await invoicesOf(service, path);
  const invoicePath = `/clinic/invoices/${invoice?.invoiceId ?? ''}`;
  await call('POST', `${invoicePath}/approve`, {});
  await call('POST', `${invoicePath}/billing-answer`, { to: 'basis', accepted: true });
  await call('POST', `${path}/registration`);
  return meetingId;
}

const form = {
  title: 'Inför mötet',
  questions: [{ questionId: 'how', label: 'Hur mår du?', required: true, type: 'scale', from: 0, to: 10 }],
};

const invoicesOf = async ({ call }: ServiceRig, path: string): Promise<{ invoiceId: string }[]> =>
  (await call<{ items: { invoiceId: string }[] }>('GET', `${path}/invoices`)).items;
