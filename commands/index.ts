import { bookMeeting } from './book-meeting';
import { cancelMeeting } from './cancel-meeting';
import { changeSettings } from './change-settings';
import type { CarryOut } from './command';
import { addForm, fillInForm } from './forms';
import { addPerson, changePerson, recordCareHistoryConsent, recordSmsConsent } from './people';
import { rebookMeeting } from './rebook-meeting';
import { stateOutcome } from './state-outcome';
import { replayEvents, rotateWebhookSecret, setWebhook } from './webhook';

/** Every command by its operation: the API's routes and the reconciler find it here. */
export const commands = {
  'clinic.change-settings': changeSettings,
  'event.replay': replayEvents,
  'form.add': addForm,
  'form.fill-in': fillInForm,
  'meeting.book': bookMeeting,
  'meeting.cancel': cancelMeeting,
  'meeting.rebook': rebookMeeting,
  'meeting.state-outcome': stateOutcome,
  'person.add': addPerson,
  'person.change': changePerson,
  'person.record-care-history-consent': recordCareHistoryConsent,
  'person.record-sms-consent': recordSmsConsent,
  'webhook.rotate-secret': rotateWebhookSecret,
  'webhook.set': setWebhook,
} satisfies Record<string, CarryOut<never>>;

/** The operations that change something. */
export type CommandName = keyof typeof commands;
