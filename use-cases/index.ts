import { bookMeeting } from './meeting/book';
import { assignCase, closeCase, documentCase, openCase, writeInCase } from './case/commands';
import { cancelMeeting } from './meeting/cancel';
import { changeSettings } from './clinic/change-settings';
import { decideClaim } from './person/claims';
import type { CarryOut } from './command';
import { correctOutcome } from './meeting/correct-outcome';
import { addForm, fillInForm } from './clinic/forms';
import {
  answerInvoice,
  approveInvoice,
  creditInvoice,
  objectToInvoice,
  replaceInvoice,
  waiveInvoice,
} from './invoice/commands';
import { importFees } from './invoice/import-fees';
import { chooseOfferedTime, offerTimes } from './meeting/offered-times';
import {
  addPerson,
  changePerson,
  recordCareHistoryConsent,
  recordSmsConsent,
  replaceIdentity,
} from './person/commands';
import { allowGuardian, stopGuardian } from './person/guardian-stops';
import { confirmReadiness, noteTry } from './meeting/confirm-readiness';
import { rebookMeeting } from './meeting/rebook';
import { registerVisit } from './meeting/register-visit';
import { addStaff, changeStaff } from './staff/commands';
import { stateOutcome } from './meeting/state-outcome';
import { takeOverMeeting } from './meeting/take-over';
import { assignTask, finishTask } from './task/commands';
import { addFile } from './thread/files';
import { replayEvents, rotateWebhookSecret, setWebhook } from './clinic/webhook';
import { writeChat } from './thread/write-chat';

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
  'meeting.take-over': takeOverMeeting,
  'meeting.write-chat': writeChat,
  'person.add': addPerson,
  'person.allow-guardian': allowGuardian,
  'person.change': changePerson,
  'person.record-care-history-consent': recordCareHistoryConsent,
  'person.record-sms-consent': recordSmsConsent,
  'person.replace-identity': replaceIdentity,
  'person.stop-guardian': stopGuardian,
  'staff.add': addStaff,
  'staff.change': changeStaff,
  'task.assign': assignTask,
  'task.finish': finishTask,
  'webhook.rotate-secret': rotateWebhookSecret,
  'webhook.set': setWebhook,
} satisfies Record<string, CarryOut<never>>;

/** The operations that change something. */
export type CommandName = keyof typeof commands;

/** What the command of an operation carries; undefined where it carries nothing. */
export type BodyOf<Name extends CommandName> = Parameters<(typeof commands)[Name]>[1]['body'];
