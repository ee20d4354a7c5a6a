import { bookMeeting } from './book-meeting';
import { cancelMeeting } from './cancel-meeting';
import { changeSettings } from './change-settings';
import type { CarryOut } from './command';
import { addForm, fillInForm } from './forms';
import { importFees } from './import-fees';
import { addPerson, changePerson, recordCareHistoryConsent, recordSmsConsent } from './people';
import { rebookMeeting } from './rebook-meeting';
import { stateOutcome } from './state-outcome';

/** Every command by its operation: the API's routes and the reconciler find it here. */
export const commands = {
  'clinic.change-settings': changeSettings,
  'fees.import': importFees,
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
} satisfies Record<string, CarryOut<never>>;

/** The operations that change something. */
export type CommandName = keyof typeof commands;
