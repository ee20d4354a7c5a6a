import { randomUUID } from 'node:crypto';
import type { DateTime } from 'luxon';
import { madeUpSettings } from '../../local/made-up-clinic';
import { outcomeOf } from '../../records/meetings';
import type { ClinicSettings } from '../../records/clinics';
import { keysOf } from '../settings';
import { addPatients } from '../rig/patients';
import { bookingOf } from '../rig/service-rig';
import type { SkippedRig } from '../rig/skipped-rig';

/** The rules' own reminders and times: a meeting of thirty minutes, its door open a quarter before. */
export const thirtyMinuteClinic: Partial<ClinicSettings> = { noticeRules: madeUpSettings.noticeRules };

/** Over 84: the invoice waits for an approval; any other's goes out after two weekdays (R5.7). */
const BIRTH_DATES = { approved: '1930-05-17', 'let-through': '1980-05-17' } as const;
/** How its invoice goes out. */
export type InvoiceWay = keyof typeof BIRTH_DATES;

interface ShownMeeting {
  meetingId: string;
  participants: { role: string; participantId: string }[];
}

/**
 * Takes one meeting through all of its life, each phase at its own time: booked the day before, consent given
 * and form filled in, the morning's message, the door with its message, staff ready and let in, the start with
 * its message, the patient let in, both met, both out, the booked end and what it came to; its invoice
 * proposed, and approved or let through, and accepted by billing; the visit registered.
 * @param day the day before the meeting; it has not begun yet
 * @returns the meeting's id
 */
export async function walkMeeting(rig: SkippedRig, day: DateTime, way: InvoiceWay): Promise<string> {
  const { records, clinicId, call } = rig;
  const at = (daysLater: number, hour: number, minute: number): Date =>
    day.plus({ days: daysLater }).set({ hour, minute }).toJSDate();

  await rig.passTo(at(0, 9, 0));
  const [patientId = ''] = await addPatients(records, clinicId, 1, BIRTH_DATES[way]);
  const consent = `/clinic/people/${patientId}/care-history-consent`;
  await call('PUT', consent, { given: false, givenBy: 'person' });
  const { formId } = await call<{ formId: string }>('POST', '/clinic/forms', form);
  const booking = { ...bookingOf(patientId, at(1, 10, 0)), formIds: [formId] };
  const { meetingId } = await call<ShownMeeting>('POST', '/clinic/meetings', booking);
  const path = `/clinic/meetings/${meetingId}`;
  const { participants } = await call<ShownMeeting>('GET', path);
  const [staff, patient] = ['staff', 'patient'].map(
    (role) => participants.find((each) => each.role === role)?.participantId ?? '',
  ) as [string, string];
  const enter = (participantId: string): Promise<unknown> =>
    call('POST', `${path}/entry`, { participantId, identityChecked: 'known-to-staff' });
  const report = await roomReports(rig, meetingId);

  await rig.passTo(at(0, 9, 30));
  await call('PUT', consent, { given: true, givenBy: 'person' });
  await rig.passTo(at(0, 9, 40));
  await call('PUT', `${path}/forms/${formId}/answers`, { answers: { how: 3 }, answeredBy: 'patient' });
  // On the way: the morning's message, and a quarter before the start the door with its message.
  await rig.passTo(at(1, 9, 48));
  await call('POST', `${path}/confirmations`, readiness);
  await rig.passTo(at(1, 9, 52));
  await enter(staff);
  await report('joined', staff);
  // On the way: the start, with its message to the one who is not in the room yet (R2.1).
  await rig.passTo(at(1, 10, 3));
  await enter(patient);
  await report('joined', patient);
  await rig.passTo(at(1, 10, 5));
  await call('POST', `${path}/confirmations`, { moment: 'at-start', allPresentAreEntitled: true });
  await rig.passTo(at(1, 10, 25));
  await report('left', patient);
  await report('left', staff);
  await rig.passTo(at(1, 10, 40));
  const outcome = outcomeOf(await records.meetings.get(meetingId))?.outcome;
  if (outcome !== 'completed') throw new Error(`the meeting came to ${outcome ?? 'nothing'}`);
  await call('POST', `${path}/registration`);
  await sendInvoice(rig, path, way, at(1, 11, 0));
  return meetingId;
}

/** The invoice goes out, by approval or by itself after its weekdays, and billing takes it. */
async function sendInvoice(rig: SkippedRig, path: string, way: InvoiceWay, approvedAt: Date): Promise<void> {
  const { call } = rig;
  const { items } = await call<{ items: { invoiceId: string }[] }>('GET', `${path}/invoices`);
  const invoicePath = `/clinic/invoices/${items[0]?.invoiceId ?? ''}`;
  if (way === 'approved') {
    await rig.passTo(approvedAt);
    await call('POST', `${invoicePath}/approve`, {});
  } else {
    // Two weekdays with their weekend and feasts are over by then.
    await rig.passTo(new Date(approvedAt.getTime() + LET_THROUGH_BY_MS));
  }
  await rig.passTo(new Date((await rig.now()).getTime() + 60_000));
  await call('POST', `${invoicePath}/billing-answer`, { to: 'basis', accepted: true });
}

const LET_THROUGH_BY_MS = 8 * 86_400_000;

/** Tells that somebody joined or left the room, as Jitsi does. */
async function roomReports(rig: SkippedRig, meetingId: string) {
  const { roomName } = (await rig.records.meetings.get(meetingId)).times[0]!;
  const { jitsiEventsSecret } = keysOf(rig.settings);
  const token = { authorization: `Bearer ${jitsiEventsSecret}` };
  const occupants = new Map<string, string>();
  return async (what: 'joined' | 'left', id: string): Promise<void> => {
    if (!occupants.has(id)) occupants.set(id, randomUUID());
    const at = Math.floor((await rig.now()).getTime() / 1_000);
    const { status } = await rig.http.call('POST', `/hooks/jitsi/events/occupant/${what}`, token, {
      room_name: roomName,
      occupant: { id, occupant_jid: occupants.get(id), [`${what}_at`]: at },
    });
    if (status >= 300) throw new Error(`a report of the room was answered ${status}`);
  };
}

const readiness = {
  moment: 'before-opening',
  room: true,
  background: true,
  clothing: true,
  nameBadge: true,
};

const form = {
  title: 'Inför mötet',
  questions: [{ questionId: 'how', label: 'Hur mår du?', required: true, type: 'scale', from: 0, to: 10 }],
};
