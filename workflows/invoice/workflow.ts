import { allHandlersFinished, condition, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { UpdateDefinition } from '@temporalio/common';
import { msOf, type Instant } from '../../rules/instant';
import { createAlarm } from '../shared/alarm';
import { refuse } from '../shared/register-commands';
import { localActivities, regularActivities } from '../shared/local-activities';
import { now } from '../shared/now';
import { showAttributes } from '../shared/show-attributes';
import type { InvoiceActivities } from './activities';
import { InvoiceStateMachine } from './state';
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
import { invoiceAttributes } from './search-attributes';

/** What each is for, in words for the Web UI. */
const summaries: Record<keyof InvoiceActivities, string> = {
  loadCharge: 'reads what an earlier run came to',
  whyHold: 'looks whether the proposal must wait for staff after all',
  saveCharge: 'saves how the invoices stand, with what billing is handed and the tasks that follow',
};
const local = localActivities<InvoiceActivities>(summaries);
/** What is kept is handed to the clinic's billing. */
const regular = regularActivities<InvoiceActivities>(summaries);

/**
 * The invoices of one start time of a meeting. They are proposed, approved or let through, handed to the
 * clinic's billing, accepted or refused there, credited and replaced (R5.7, R5.8).
 *
 * The workflow ends when it waits for nothing. A later command starts it anew, under the same id, so that
 * there is never a second one beside it. Each run first reads how the one before it ended.
 */
export async function invoice(input: InvoiceInput): Promise<ChargeSnapshot> {
  let loaded: InvoiceStateMachine | null = null;
  let savedVersion = 0;
  let isWoken = false;
  listen(
    () => loaded,
    ({ version, hasNothingLeft }, versionBefore) => {
      if (version === versionBefore) return;
      isWoken = true;
      // What ends a run is saved here too: the next one reads it.
      if (input.commandsAreSaved && !hasNothingLeft && savedVersion === versionBefore) savedVersion = version;
    },
  );
  const charge = new InvoiceStateMachine({ ...input, charge: await local.loadCharge(input) });
  savedVersion = charge.version;
  loaded = charge;
  const alarm = createAlarm();

  // The command that it was started anew for comes with the start or right after it.
  if (charge.hasNothingLeft)
    await condition(() => isWoken, COMMAND_COMES_WITHIN, {
      summary: 'the command that it was started for comes',
    });
  do {
    isWoken = false;
    const hold = charge.goesOut(now()) ? await local.whyHold(input) : null;
    charge.passTime(now(), hold);
    const snapshot = charge.snapshot();
    setCurrentDetails(chargeDetails(snapshot));
    if (snapshot.version !== savedVersion) {
      await regular.saveCharge(snapshot);
      savedVersion = snapshot.version;
      continue;
    }
    showAttributes(invoiceAttributes(input.clinicId, snapshot, charge.nextStep()?.at ?? null));
    if (charge.hasNothingLeft) await condition(allHandlersFinished);
    else await untilSomethingChanges();
  } while (!charge.hasNothingLeft || charge.version !== savedVersion);

  return charge.snapshot();

  async function untilSomethingChanges(): Promise<void> {
    const next = charge.nextStep();
    if (next && msOf(next.at) <= msOf(now())) return;
    alarm.set(next);
    await condition(() => alarm.rang || isWoken);
  }
}

/** A workflow that was started anew for a command which was then refused ends after this. */
const COMMAND_COMES_WITHIN = '10s';

/**
 * Commands and the question how it stands. Refusals come from the invoices' own state; but for a command that
 * comes before that has been read they leave no history.
 */
function listen(
  loaded: () => InvoiceStateMachine | null,
  decided: (charge: InvoiceStateMachine, versionBefore: number) => void,
): void {
  const whenLoaded = async (): Promise<InvoiceStateMachine> => {
    await condition(() => loaded() !== null);
    return loaded()!;
  };
  const command = <Args extends { commandId: string }>(
    definition: UpdateDefinition<ChargeSnapshot, [Args]>,
    description: string,
    refuseWhy: (charge: InvoiceStateMachine, args: Args) => InvoiceRefusal | null,
    carryOut: (charge: InvoiceStateMachine, at: Instant, args: Args) => void,
  ): void => {
    setHandler(
      definition,
      async (args) => {
        const charge = await whenLoaded();
        refuse(refuseWhy(charge, args));
        const { version } = charge;
        if (!charge.isDone(args.commandId)) carryOut(charge, now(), args);
        decided(charge, version);
        return charge.snapshot();
      },
      {
        description,
        validator: (args: Args) => {
          const charge = loaded();
          if (charge) refuse(refuseWhy(charge, args));
        },
      },
    );
  };

  setHandler(
    proposeUpdate,
    async (proposal) => {
      const charge = await whenLoaded();
      const { version } = charge;
      charge.propose(now(), proposal);
      decided(charge, version);
      return charge.snapshot();
    },
    { description: 'What the meeting, or a correction of its outcome, calls for' },
  );
  command(
    approveUpdate,
    'Staff approve the invoice: it goes to the clinic’s billing',
    (charge, args) => charge.refuseApprove(args),
    (charge, at, args) => charge.approve(at, args),
  );
  command(
    waiveUpdate,
    'Staff waive the invoice',
    (charge, args) => charge.refuseWaive(args),
    (charge, at, args) => charge.waive(at, args),
  );
  command(
    objectUpdate,
    'The patient objects: staff must approve',
    (charge, args) => charge.refuseObject(args),
    (charge, at, args) => charge.object(at, args),
  );
  command(
    billingAnswerUpdate,
    'The clinic’s billing accepts or refuses',
    (charge, args) => charge.refuseBillingAnswer(args),
    (charge, at, args) => charge.billingAnswered(at, args),
  );
  command(
    creditUpdate,
    'Staff have the invoice credited',
    (charge, args) => charge.refuseCredit(args),
    (charge, at, args) => charge.credit(at, args),
  );
  command(
    replaceUpdate,
    'Staff have the invoice replaced by what the rules and tables say now',
    (charge, args) => charge.refuseReplace(args),
    (charge, at, args) => charge.replace(at, args),
  );
  setHandler(chargeQuery, () => loaded()?.snapshot() ?? null, { description: 'The invoices as they stand' });
}
