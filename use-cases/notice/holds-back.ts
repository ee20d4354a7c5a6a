import type { Command } from '../../records/commands';
import type { LedgerRow } from '../../records/ledger';
import { isReminder } from '../../rules/ledger';
import type { CommandName } from '../index';

/** What a command about a meeting that waits to be carried out may change of its notices. */
type Changes =
  /** Nothing that is sent. */
  | 'nothing'
  /** It ends the meeting, or its SMS: whatever is still told of it but that it is cancelled. */
  | 'all-but-its-end'
  /** It moves the meeting: what tells of the time that it had when the command was received. */
  | 'what-tells-of-the-time';

/** Each command says what it changes: one that nobody has thought of does not compile. */
const changes: Record<CommandName, Changes> = {
  'case.add-file': 'nothing',
  'case.assign': 'nothing',
  'case.close': 'nothing',
  'case.document': 'nothing',
  'case.open': 'nothing',
  'case.write': 'nothing',
  'clinic.change-settings': 'nothing',
  'event.replay': 'nothing',
  'fees.import': 'nothing',
  'form.add': 'nothing',
  'form.fill-in': 'nothing',
  'invoice.answer': 'nothing',
  'invoice.approve': 'nothing',
  'invoice.credit': 'nothing',
  'invoice.object': 'nothing',
  'invoice.replace': 'nothing',
  'invoice.waive': 'nothing',
  'meeting.add-file': 'nothing',
  'meeting.book': 'nothing',
  'meeting.cancel': 'all-but-its-end',
  'meeting.choose-offered-time': 'what-tells-of-the-time',
  'meeting.confirm-readiness': 'nothing',
  'meeting.correct-outcome': 'nothing',
  'meeting.decide-claim': 'nothing',
  'meeting.note-try': 'nothing',
  'meeting.offer-times': 'nothing',
  'meeting.rebook': 'what-tells-of-the-time',
  'meeting.register-visit': 'nothing',
  'meeting.state-outcome': 'all-but-its-end',
  'meeting.take-over': 'nothing',
  'meeting.write-chat': 'nothing',
  'person.add': 'nothing',
  'person.allow-guardian': 'nothing',
  'person.change': 'nothing',
  'person.record-care-history-consent': 'nothing',
  'person.record-sms-consent': 'nothing',
  'person.replace-identity': 'nothing',
  'person.stop-guardian': 'nothing',
  'staff.add': 'nothing',
  'staff.change': 'nothing',
  'task.assign': 'nothing',
  'task.finish': 'nothing',
  'webhook.rotate-secret': 'nothing',
  'webhook.set': 'nothing',
};

/**
 * Whether a command about a meeting that waits to be carried out holds a notice back: it may take back what
 * the notice says (R2.4). What it does not change goes on, and so does the notice of the command's own
 * effect.
 */
export function holdsBack(
  { operation, seen }: Pick<Command, 'operation' | 'seen'>,
  { kind, occasion }: Pick<LedgerRow, 'kind' | 'occasion'>,
): boolean {
  switch (changesOf(operation)) {
    case 'nothing':
      return false;
    case 'all-but-its-end':
      return kind !== 'cancellation';
    case 'what-tells-of-the-time':
      if (kind === 'cancellation') return false;
      // What tells of a later time than whoever moved the meeting saw tells of the move itself.
      return isReminder({ kind }) || seen === undefined || occasion <= seen.startVersion;
  }
}

/**
 * Whether a command about a meeting that waits to be carried out may end the meeting or move it: what it came
 * to is decided after it (design, decision 16).
 */
export const decidesCourse = ({ operation }: Pick<Command, 'operation'>): boolean =>
  changesOf(operation) !== 'nothing';

/** An operation of another release may change anything. */
const changesOf = (operation: string): Changes =>
  (changes as Partial<Record<string, Changes>>)[operation] ?? 'all-but-its-end';
