import type { Answer, Command } from '../../records/commands';
import type { Charge } from '../../records/charges';
import { saveInvoice } from '../read-models/meeting-and-invoice';
import { outcomeOf, type Meeting } from '../../records/meetings';
import { proposalFor } from './proposal';
import { nameOf } from '../../rules/actor';
import type { InvoiceAnswer } from '../../temporal/gateway';
import type { InvoiceInput, InvoiceRefusal, Proposal } from '../../workflows/invoice/messages';
import type { AnswerInvoice, ApproveInvoice, WaiveInvoice } from './bodies';
import { invoiceViews } from './view';
import { notFound, problem, type CarryOut, type CommandDeps } from '../command';

/** Staff approve an invoice that goes out only so (R5.7); from 13 to 17 they say who pays (R5.10). */
export const approveInvoice: CarryOut<ApproveInvoice> = (deps, command) =>
  changeInvoice(deps, command, async (input, about) => {
    const { amountOre, decision } = await proposalNow(deps, about, causeOf(about));
    const { invoiceId } = about.of;
    const proposed = about.charge.course.invoices.find((invoice) => invoice.invoiceId === invoiceId);
    // The amount of something else, such as of nothing, is not this invoice's.
    const isSameKind = decision.kind === proposed?.decision.kind;
    return deps.temporal.approveInvoice(input, {
      ...about.of,
      payer: command.body.payer,
      amountOre: isSameKind ? amountOre : null,
    });
  });

/** Staff waive a proposed invoice (R5.7). */
export const waiveInvoice: CarryOut<WaiveInvoice> = (deps, command) =>
  changeInvoice(deps, command, (input, { of }) =>
    deps.temporal.waiveInvoice(input, { ...of, reason: command.body.reason }),
  );

/** The patient objects, by way of staff (R5.7): it goes out only when staff approve it. */
export const objectToInvoice: CarryOut<undefined> = (deps, command) =>
  changeInvoice(deps, command, (input, { of }) => deps.temporal.objectToInvoice(input, of));

/** The clinic's billing accepts or refuses what it was handed: accepted means issued, or credited (R5.8). */
export const answerInvoice: CarryOut<AnswerInvoice> = (deps, command) =>
  changeInvoice(deps, command, (input, { of }) =>
    deps.temporal.answerInvoice(input, { ...of, ...command.body }),
  );

/** Staff have an issued invoice credited, with nothing in its place. */
export const creditInvoice: CarryOut<WaiveInvoice> = (deps, command) =>
  changeInvoice(deps, command, (input, { of }) =>
    deps.temporal.creditInvoice(input, { ...of, reason: command.body.reason }),
  );

/**
 * Staff have an invoice made anew by what the rules and the fee table say now; an issued one is credited
 * first (R5.8).
 */
export const replaceInvoice: CarryOut<undefined> = (deps, command) =>
  changeInvoice(deps, command, async (input, about) =>
    deps.temporal.replaceInvoice(input, {
      ...about.of,
      proposal: await proposalNow(deps, about, causeNow(about)),
    }),
  );

/** What a command is about: the invoice, its meeting, and the command's own id. */
interface About {
  of: { commandId: string; invoiceId: string };
  charge: Charge;
  meeting: Meeting;
}

/**
 * Sends a command to the invoices' workflow, keeps the read model that it answers with, and notes who
 * decided.
 */
async function changeInvoice(
  { records, clock }: CommandDeps,
  { commandId, clinicId, params, operation, actor, receivedAt }: Command,
  send: (input: InvoiceInput, about: About) => Promise<InvoiceAnswer>,
): Promise<Answer> {
  const invoiceId = params.invoiceId ?? '';
  const charge = await records.charges.findByInvoice(clinicId, invoiceId);
  if (!charge) return notFound('invoice');
  const { meetingId, startVersion } = charge;
  const meeting = await records.meetings.get(meetingId);
  const of = { commandId, invoiceId };
  const answer = await send({ clinicId, meetingId, startVersion }, { of, charge, meeting });
  if ('refused' in answer) return problem(409, answer.refused, refusalTexts[answer.refused]);
  await saveInvoice(records, answer.snapshot, clock.now());
  const decision = { commandId, invoiceId, operation, actor, at: receivedAt };
  await records.charges.noteDecision(meetingId, startVersion, decision);
  await records.tasks.sayWho(meetingId, ['approve-invoice'], nameOf(actor));
  const kept = await records.charges.find(meetingId, startVersion);
  return { status: 200, body: { items: invoiceViews(kept ? [kept] : []) } };
}

/** What the invoice was made for. */
const causeOf = ({ of, charge }: About): Proposal['cause'] =>
  charge.course.invoices.find(({ invoiceId }) => invoiceId === of.invoiceId)?.cause ?? 'unclear';

/**
 * The outcome of its start time, as corrected last. An invoice can remain although the outcome that it was
 * made for has been corrected (R5.1, R5.8).
 */
function causeNow(about: About): Proposal['cause'] {
  const cause = causeOf(about);
  return cause === 'rebooked-late' ? cause : (outcomeOf(about.meeting)?.outcome ?? cause);
}

/** What would be proposed now for the time that the invoice is about. */
function proposalNow(
  { records, clock }: CommandDeps,
  { charge, meeting }: About,
  cause: Proposal['cause'],
): Promise<Proposal> {
  const { startVersion, course } = charge;
  return proposalFor(records, meeting, { startVersion, cause, basis: course.basis }, clock.now());
}

const refusalTexts: Record<InvoiceRefusal, string> = {
  'no-such-invoice': 'There is no such invoice.',
  replaced: 'Another invoice has taken the place of this one.',
  'waits-for-billing': 'The clinic’s billing has it, and has not answered yet.',
  'not-proposed': 'The invoice is not a proposal any more.',
  'not-issued': 'The invoice has not been issued.',
  'not-handed-over': 'The clinic’s billing was not asked for this.',
  'needs-no-approval': 'It goes out by itself, unless it is waived or objected to (R5.7).',
  'payer-missing': 'Say who pays: for 13 to 17 staff decide (R5.10).',
  'payer-is-decided': 'Who pays follows from the age (R5.10).',
  'amount-missing':
    'The fee table has no amount for the day of the visit (R5.9). Mend the table, then approve.',
  'objected-already': 'The patient has objected already.',
  'nothing-changes': 'It would be the same invoice.',
  'too-many-invoices': 'There have been too many invoices for this time.',
};
