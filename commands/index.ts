import { bookMeeting } from './book-meeting';
import { assignCase, closeCase, documentCase, openCase, writeInCase } from './cases';
import { cancelMeeting } from './cancel-meeting';
import { changeSettings } from './change-settings';
import { decideClaim } from './claims';
import type { CarryOut } from './command';
import { correctOutcome } from './correct-outcome';
import { addForm, fillInForm } from './forms';
import {
  answerInvoice,
  approveInvoice,
  creditInvoice,
  objectToInvoice,
  replaceInvoice,
  waiveInvoice,
} from './invoices';
import { importFees } from './import-fees';
import { chooseOfferedTime, offerTimes } from './offered-times';
import { addPerson, changePerson, recordCareHistoryConsent, recordSmsConsent } from './people';
import { confirmReadiness, noteTry } from './readiness';
import { rebookMeeting } from './rebook-meeting';
import { registerVisit } from './register-visit';
import { stateOutcome } from './state-outcome';
import { assignTask, finishTask } from './tasks';
import { addFile } from './thread-files';
import { replayEvents, rotateWebhookSecret, setWebhook } from './webhook';
import { writeChat } from './write-chat';

/** Every command by its operation: the API's routes and the reconciler find it here. */
export const commands = {
  'case.add-file': addFile,
  'case.assign': assignCase,
  'case.close': closeCase,
  'case.document': documentCase,
  'case.open': openCase,
  'case.write': writeInCase,
  'clinic.change-settings': changeSettings,
  'event.replay': replayEvents,
  'fees.import': importFees,
  'form.add': addForm,
  'form.fill-in': fillInForm,
  'invoice.answer': answerInvoice,
  'invoice.approve': approveInvoice,
  'invoice.credit': creditInvoice,
  'invoice.object': objectToInvoice,
  'invoice.replace': replaceInvoice,
  'invoice.waive': waiveInvoice,
  'meeting.add-file': addFile,
  'meeting.book': bookMeeting,
  'meeting.cancel': cancelMeeting,
  'meeting.choose-offered-time': chooseOfferedTime,
  'meeting.confirm-readiness': confirmReadiness,
  'meeting.correct-outcome': correctOutcome,
  'meeting.decide-claim': decideClaim,
  'meeting.note-try': noteTry,
  'meeting.offer-times': offerTimes,
  'meeting.rebook': rebookMeeting,
  'meeting.register-visit': registerVisit,
  'meeting.state-outcome': stateOutcome,
  'meeting.write-chat': writeChat,
  'person.add': addPerson,
  'person.change': changePerson,
  'person.record-care-history-consent': recordCareHistoryConsent,
  'person.record-sms-consent': recordSmsConsent,
  'task.assign': assignTask,
  'task.finish': finishTask,
  'webhook.rotate-secret': rotateWebhookSecret,
  'webhook.set': setWebhook,
} satisfies Record<string, CarryOut<never>>;

/** The operations that change something. */
export type CommandName = keyof typeof commands;
