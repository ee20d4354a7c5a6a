import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  proxyActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { msOf, toInstant, type Instant } from '../../rules/instant';
import { REFUSED } from '../meeting/messages';
import type { InvoiceActivities } from './activities';
import { Charge } from './charge';
import { chargeDetails } from './details';
import {
  approveUpdate,
  billingAnswerUpdate,
  chargeQuery,
  creditUpdate,
  objectUpdate,
  proposeUpdate,
  replaceUpdate,
  waiveUpdate,
  type ChargeSnapshot,
  type InvoiceInput,
  type InvoiceRefusal,
} from './messages';

const { saveCharge } = proxyActivities<InvoiceActivities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '1s', maximumInterval: '30s' },
});

/**
 * The invoices of one time of a meeting: proposed, approved or let through, handed to the clinic's billing, accepted or refused there,
 * credited and replaced (R5.7, R5.8). It ends when nothing is waited for; a later command starts it anew with the invoices as
 * they stood, under the same id, so that there is never a second one beside it.
 */
export async function invoice(input: InvoiceInput): Promise<ChargeSnapshot> {
  const charge = new Charge(input);
  let savedVersion = charge.version;
  listen(charge);

  // The command that it was started anew for comes with the start or right after it.
  if (charge.over) await condition(() => charge.version !== savedVersion, COMMAND_COMES_WITHIN);
  do {
    charge.passTime(now());
    const snapshot = charge.snapshot();
    setCurrentDetails(chargeDetails(snapshot));
    if (snapshot.version !== savedVersion) {
      await saveCharge(snapshot);
      savedVersion = snapshot.version;
      continue;
    }
    if (charge.over) await condition(allHandlersFinished);
    else await untilSomethingChanges();
  } while (!charge.over || charge.version !== savedVersion);

  return charge.snapshot();

  async function untilSomethingChanges(): Promise<void> {
    const changed = (): boolean => charge.version !== savedVersion;
    const next = charge.nextStep();
    if (!next) return condition(changed);
    const leftMs = msOf(next.at) - msOf(now());
    if (leftMs > 0) await condition(changed, leftMs, { summary: next.why });
  }
}

/** A workflow that was started anew for a command which was then refused ends after this. */
const COMMAND_COMES_WITHIN = '10s';

/** Time in a workflow: the same at every replay. */
const now = (): Instant => toInstant(new Date());

/** Commands and the question how it stands. Refusals come from the invoices' own state and leave no history. */
function listen(charge: Charge): void {
  const command = <Args extends { commandId: string }>(
    definition: UpdateDefinition<ChargeSnapshot, [Args]>,
    description: string,
    refuseWhy: (args: Args) => InvoiceRefusal | null,
    carryOut: (at: Instant, args: Args) => void,
  ): void => {
    setHandler(
      definition,
      (args) => {
        if (!charge.isDone(args.commandId)) carryOut(now(), args);
        return charge.snapshot();
      },
      {
        description,
        validator: (args: Args) => {
          const reason = refuseWhy(args);
          if (reason) throw ApplicationFailure.nonRetryable(reason, REFUSED);
        },
      },
    );
  };

  setHandler(
    proposeUpdate,
    (proposal) => {
      charge.propose(now(), proposal);
      return charge.snapshot();
    },
    { description: 'What the meeting, or a correction of its outcome, calls for' },
  );
  command(
    approveUpdate,
    'Staff approve the invoice: it goes to the clinic’s billing',
    (args) => charge.refuseApprove(args),
    (at, args) => charge.approve(at, args),
  );
  command(
    waiveUpdate,
    'Staff waive the invoice',
    (args) => charge.refuseWaive(args),
    (at, args) => charge.waive(at, args),
  );
  command(
    objectUpdate,
    'The patient objects: staff must approve',
    (args) => charge.refuseObject(args),
    (at, args) => charge.object(at, args),
  );
  command(
    billingAnswerUpdate,
    'The clinic’s billing accepts or refuses',
    (args) => charge.refuseBillingAnswer(args),
    (at, args) => charge.billingAnswered(at, args),
  );
  command(
    creditUpdate,
    'Staff have the invoice credited',
    (args) => charge.refuseCredit(args),
    (at, args) => charge.credit(at, args),
  );
  command(
    replaceUpdate,
    'Staff have the invoice replaced by what the rules and tables say now',
    (args) => charge.refuseReplace(args),
    (at, args) => charge.replace(at, args),
  );
  setHandler(chargeQuery, () => charge.snapshot(), { description: 'The invoices as they stand' });
}
