import type { ApiAnswer, ClinicClient } from '../clinic-client';
import {
  demo,
  DEMO_PATIENT_BORN,
  DEMO_LASTS_MINUTES,
  DEMO_STARTS_IN_MINUTES,
  demoSuitability,
} from '../demo-clinic';
import type { StandInRoom } from '../room/rooms';

/** What the API tells of a meeting, as far as the home page shows it. */
export interface ShownMeeting {
  meetingId: string;
  state: string;
  startVersion: number;
  startAt: string;
  endAt: string;
  doorOpensAt: string;
  patientId: string;
  participants: { participantId: string; role: string }[];
  gates: { consentGiven: boolean; formsMissing: string[] };
  waitingFor: { what: string; until: string | null; notice?: string }[];
  outcome: { outcome: string; decidedBy: string } | null;
  clinicReady: boolean;
}

export interface ShownTimeline {
  happenings: { at: string; what: string; detail: string | null }[];
  deliveries: {
    kind: string;
    channel: string | null;
    state: string;
    reason: string | null;
    history: { at: string }[];
  }[];
}

export interface ShownInvoice {
  invoiceId: string;
  state: string;
  letThroughAt: string | null;
  kind: string;
  amountOre: number | null;
  payer: string | null;
  needsApproval: boolean;
  because: { rule: string; reason: string }[];
}

/** What staff are asked to do. */
export interface ShownTask {
  kind: string;
  state: string;
  dueAt: string;
  /** Absent once the meeting has been taken over, where it is evidence (R8.1). */
  because?: string[];
}

/** What a visitor of the home page can let the people of a demo meeting do. */
export const actions = [
  'be-patient',
  'consent',
  'refuse-consent',
  'form',
  'patient-comes',
  'patient-leaves',
  'staff-confirms',
  'staff-comes',
  'staff-leaves',
  'cancel',
  'move',
  'register',
  'approve',
] as const;
export type Action = (typeof actions)[number];

type Entry =
  | { admitted: true; room: { url: string; token: string } }
  | { admitted: false; message: string; reasons: string[] };

/** The demo meetings: made and moved by the clinic's API alone, as a clinic's own system would. */
export interface DemoMeetings {
  /**
   * Books one for a new demo patient, whose consent and form are still missing; answers with its id or what
   * went wrong.
   */
  book(): Promise<{ meetingId: string } | { problem: string }>;
  /** Books one for the demo patient whom the stand-in of the identity provider knows, and who can log in. */
  bookForTolvan(): Promise<{ meetingId: string } | { problem: string }>;
  /** Does it, and says in words what came of it. */
  act(meetingId: string, action: Action): Promise<string>;
  read(meetingId: string): Promise<DemoView | null>;
}

export interface DemoView {
  meeting: ShownMeeting;
  timeline: ShownTimeline;
  invoices: ShownInvoice[];
  tasks: ShownTask[];
  /** Whose phone the SMS come to. */
  mobile: string;
  /** One can log in as the patient. */
  canLogIn: boolean;
}

/**
 * Fictitious numbers (facts); each new demo patient gets the next one, and -699 is left out since it always
 * fails.
 */
const firstNumber = 46701740610;
const numberCount = 80;

/** @param become has one log in as this made-up patient, and no longer as the one before */
export function createDemoMeetings(
  api: ClinicClient,
  room: StandInRoom,
  become: (personId: string) => Promise<void>,
): DemoMeetings {
  let people = Math.floor(Date.now() / 1000) % numberCount;
  /** Which room a participant was let into, for leaving it again. */
  const rooms = new Map<string, string>();

  async function book(): ReturnType<DemoMeetings['book']> {
    people += 1;
    const person = await api.send<{ personId: string }>('POST', '/clinic/people', {
      name: `Demopatient ${people}`,
      birthDate: DEMO_PATIENT_BORN,
      mobile: `+${firstNumber + (people % numberCount)}`,
    });
    if (!person.ok) return { problem: person.detail };
    const consent = await api.send('PUT', `/clinic/people/${person.body.personId}/sms-consent`, {
      given: true,
      source: 'asked',
    });
    if (!consent.ok) return { problem: consent.detail };
    await become(person.body.personId);
    return bookFor(person.body.personId);
  }

  async function bookFor(patientId: string): ReturnType<DemoMeetings['book']> {
    const meeting = await api.send<ShownMeeting>('POST', '/clinic/meetings', {
      startAt: minutesFromNow(DEMO_STARTS_IN_MINUTES),
      durationMinutes: DEMO_LASTS_MINUTES,
      patientId,
      participants: [{ role: 'staff', staffId: demo.staffId }],
      formIds: [demo.formId],
      agreed: true,
      toldOfFee: true,
      feeCode: demo.feeCode,
      suitability: demoSuitability,
    });
    return meeting.ok ? { meetingId: meeting.body.meetingId } : { problem: meeting.detail };
  }

  async function act(meetingId: string, action: Action): Promise<string> {
    const path = `/clinic/meetings/${meetingId}`;
    const meeting = await api.get<ShownMeeting>(path);
    if (!meeting.ok) return meeting.detail;
    const { patientId, participants } = meeting.body;
    switch (action) {
      case 'be-patient':
        await become(patientId);
        return 'Open the link in the SMS, and log in as Demopatienten.';
      case 'consent':
      case 'refuse-consent': {
        const given = action === 'consent';
        const answer = await api.send('PUT', `/clinic/people/${patientId}/care-history-consent`, {
          given,
          givenBy: 'person',
        });
        return said(
          answer,
          given ? 'The patient has consented.' : 'The patient has said no. It costs nothing.',
        );
      }
      case 'form':
        return said(
          await api.send('PUT', `${path}/forms/${demo.formId}/answers`, {
            answers: { 'how-are-you': 7 },
            answeredBy: 'patient',
          }),
          'The form is filled in.',
        );
      case 'staff-confirms':
        return said(
          await api.send('POST', `${path}/confirmations`, {
            moment: 'before-opening',
            room: true,
            background: true,
            clothing: true,
            nameBadge: true,
          }),
          'The clinic has confirmed room, background, clothing and name badge.',
        );
      case 'register':
        return said(
          await api.send('POST', `${path}/registration`),
          'The visit is registered in PAS and journal.',
        );
      case 'approve':
        return approve(path);
      case 'patient-comes':
      case 'staff-comes':
        return comeIn(path, participantOf(participants, action === 'staff-comes' ? 'staff' : 'patient'));
      case 'patient-leaves':
      case 'staff-leaves':
        return leave(participantOf(participants, action === 'staff-leaves' ? 'staff' : 'patient'));
      case 'cancel':
        return said(await api.send('POST', `${path}/cancel`, { by: 'patient' }), 'The meeting is cancelled.');
      case 'move':
        return said(
          await api.send('POST', `${path}/rebook`, {
            by: 'clinic',
            startAt: minutesFromNow(DEMO_STARTS_IN_MINUTES),
          }),
          `The meeting now starts in ${DEMO_STARTS_IN_MINUTES} minutes.`,
        );
    }
  }

  async function comeIn(path: string, participantId: string): Promise<string> {
    const entry = await api.send<Entry>('POST', `${path}/entry`, {
      participantId,
      identityChecked: 'e-identification',
    });
    if (!entry.ok) return entry.detail;
    if (!entry.body.admitted) return `Not let in (${entry.body.reasons.join(', ')}): “${entry.body.message}”`;
    const { url, token } = entry.body.room;
    const name = url.slice(url.lastIndexOf('/') + 1);
    const joined = await room.join(name, token);
    if ('refused' in joined) return `The room refused the token (${joined.refused}).`;
    rooms.set(participantId, name);
    return 'Let in, and now in the room.';
  }

  async function approve(path: string): Promise<string> {
    const invoices = await api.get<{ items: ShownInvoice[] }>(`${path}/invoices`);
    const waiting = invoices.ok && invoices.body.items.find(waitsForApproval);
    if (!waiting) return 'No invoice waits for approval.';
    return said(
      await api.send('POST', `/clinic/invoices/${waiting.invoiceId}/approve`, {}),
      'Approved: the clinic’s billing has been handed its basis.',
    );
  }

  async function leave(participantId: string): Promise<string> {
    const name = rooms.get(participantId);
    if (!name || !room.isIn(name, participantId)) return 'Is not in the room.';
    await room.leave(name, participantId);
    return 'Has left the room.';
  }

  return {
    book,
    bookForTolvan: () => bookFor(demo.patientId),
    act,
    async read(meetingId) {
      const path = `/clinic/meetings/${meetingId}`;
      const meeting = await api.get<ShownMeeting>(path);
      if (!meeting.ok) return null;
      const [timeline, invoices, tasks, person] = await Promise.all([
        api.get<ShownTimeline>(`${path}/timeline`),
        api.get<{ items: ShownInvoice[] }>(`${path}/invoices`),
        api.get<{ items: ShownTask[] }>(`${path}/tasks`),
        api.get<{ mobile: string; identityKind: string | null }>(`/clinic/people/${meeting.body.patientId}`),
      ]);
      if (!timeline.ok || !invoices.ok || !tasks.ok || !person.ok) return null;
      return {
        meeting: meeting.body,
        timeline: timeline.body,
        invoices: invoices.body.items,
        tasks: tasks.body.items,
        mobile: person.body.mobile,
        canLogIn: person.body.identityKind !== null,
      };
    },
  };
}

/** It goes out only when staff approve it (R5.7). */
export const waitsForApproval = ({ state, letThroughAt }: ShownInvoice): boolean =>
  state === 'proposed' && letThroughAt === null;

const said = (answer: ApiAnswer<unknown>, done: string): string => (answer.ok ? done : answer.detail);

const minutesFromNow = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

function participantOf(participants: ShownMeeting['participants'], role: string): string {
  return participants.find((each) => each.role === role)?.participantId ?? '';
}
