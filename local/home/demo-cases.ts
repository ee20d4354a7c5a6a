import type { ApiAnswer, ClinicClient } from '../clinic-client';
import { demo } from '../demo-clinic';

/** What the API tells of a message case, as far as the home page shows it. */
export interface ShownCase {
  caseId: string;
  state: string;
  patientId: string;
  reply: { arrivedAt: string; deadlineAt: string; breachedAt: string | null } | null;
  lastReply: { inTime: boolean } | null;
  documentation: { state: string } | null;
}

export interface ShownMessage {
  messageId: string;
  author: string;
  text: string | null;
  receivedAt: string;
  files: { name: string }[];
}

/** What a visitor of the home page can let the clinic do in a demo case. The patient logs in and writes. */
export const caseActions = ['reply', 'close', 'document'] as const;
export type CaseAction = (typeof caseActions)[number];

/** The demo cases: opened and answered by the clinic's API alone, as a clinic's own system would. */
export interface DemoCases {
  /** Opens one with the demo patient who can log in; answers with its id or what went wrong. */
  open(): Promise<{ caseId: string } | { problem: string }>;
  /** Does it, and says in words what came of it. */
  act(caseId: string, action: CaseAction): Promise<string>;
  read(caseId: string): Promise<DemoCaseView | null>;
}

export interface DemoCaseView {
  read: ShownCase;
  messages: ShownMessage[];
  /** Whose phone the SMS come to. */
  mobile: string;
}

export function createDemoCases(api: ClinicClient): DemoCases {
  return {
    async open() {
      const opened = await api.send<ShownCase>('POST', '/clinic/cases', {
        patientId: demo.patientId,
        subject: 'Uppföljning efter ditt besök',
        text: 'Hej Tolvan! Hur har det gått sedan vi sågs? Svara här, gärna med en bild.',
        assignTo: demo.staffId,
      });
      return opened.ok ? { caseId: opened.body.caseId } : { problem: opened.detail };
    },
    async act(caseId, action) {
      const path = `/clinic/cases/${caseId}`;
      switch (action) {
        case 'reply':
          return said(
            await api.send('POST', `${path}/messages`, {
              text: 'Tack, det ser bra ut. Hör av dig om det ändrar sig.',
            }),
            'The clinic has written.',
          );
        case 'close':
          return said(
            await api.send('POST', `${path}/close`),
            'The case is closed. It is still to be documented.',
          );
        case 'document': {
          const contactOn = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' });
          return said(
            await api.send('POST', `${path}/documentation`, { contactOn, picturesHandled: true }),
            'The contact is documented in the journal.',
          );
        }
      }
    },
    async read(caseId) {
      const path = `/clinic/cases/${encodeURIComponent(caseId)}`;
      const read = await api.get<ShownCase>(path);
      if (!read.ok) return null;
      const [thread, person] = await Promise.all([
        api.get<{ messages: ShownMessage[] }>(`${path}/thread`),
        api.get<{ mobile: string }>(`/clinic/people/${read.body.patientId}`),
      ]);
      if (!thread.ok || !person.ok) return null;
      return { read: read.body, messages: thread.body.messages, mobile: person.body.mobile };
    },
  };
}

const said = (answer: ApiAnswer<unknown>, done: string): string => (answer.ok ? done : answer.detail);
