import type { ClientSession } from 'mongoose';
import type { LedgerRow } from '../../records/ledger';
import type { LinkedParticipant } from '../../records/links';
import type { Person } from '../../records/people';
import type { Channel } from '../../rules/consents';
import type { Instant } from '../../rules/instant';
import type { LateTimes } from '../../rules/late';
import type { DeliveryState, HandedOver, NotHandedOver } from '../../rules/ledger';
import { LOOK_AFTER_LEASE_MS } from '../../rules/reconciliation';
import { linkCode, linkTo } from '../../integrations/sms/link';
import type { ActivityDeps } from '../deps';

/** What the hand-over's transaction found. */
export type Claim =
  | {
      kind: 'ours';
      channel: Channel;
      to: string;
      subject: string;
      text: string;
      leaseUntil: Date;
      kindOfNotice: LedgerRow['kind'];
      /** Null where the plan does not tell. */
      dueAt: Instant | null;
    }
  | { kind: 'over'; state: DeliveryState }
  | { kind: 'ended'; row: LedgerRow; whyNot: NotHandedOver }
  | { kind: 'look' }
  /** `late`: from when on it is late, where it waits for the morning. */
  | { kind: 'wait'; ms: number; late?: LateTimes };

/**
 * The recipient of a row and the patient whom it is about; both are written, so that no change of theirs
 * slips in between (decision 5).
 */
export async function peopleOf(
  { people }: ActivityDeps['records'],
  { personId }: LedgerRow,
  patientId: string,
  session: ClientSession,
): Promise<{ person: Person; patient: Person }> {
  const person = await people.findForHandOver(personId, session);
  if (!person) throw new Error('the recipient has no record');
  const patient = personId === patientId ? person : await people.findForHandOver(patientId, session);
  if (!patient) throw new Error('the patient whom this is about has no record');
  return { person, patient };
}

/** Ends a row that is not handed over. */
export async function endRow(
  { ledger }: ActivityDeps['records'],
  row: LedgerRow,
  whyNot: NotHandedOver,
  now: Date,
  session: ClientSession,
): Promise<Claim> {
  const { state: to, reason } = whyNot;
  await ledger.step(row.rowId, { from: ['planned'], to, reason, at: now }, session);
  return { kind: 'ended', row, whyNot };
}

/** Takes a row for this process. @returns until when it is ours; null where another process has it */
export async function takeRow(
  { records, sms }: Pick<ActivityDeps, 'records' | 'sms'>,
  { rowId }: LedgerRow,
  { way: { channel, to }, reportToken, now }: Pick<HandedOver, 'way'> & { reportToken: string; now: Date },
  session: ClientSession,
): Promise<Date | null> {
  const leaseUntil = new Date(now.getTime() + sms.leaseMs);
  const taken = await records.ledger.step(
    rowId,
    {
      from: ['planned'],
      to: 'handing-over',
      reason: null,
      at: now,
      handOver: { leaseUntil, channel, to, reportToken: channel === 'sms' ? reportToken : null },
      // Should this process die, and nobody come again.
      lookAgainAt: new Date(leaseUntil.getTime() + LOOK_AFTER_LEASE_MS),
    },
    session,
  );
  return taken ? leaseUntil : null;
}

/** A participant's link, kept by its hash before anybody can open it. */
export async function savedLink(
  { records, sms }: Pick<ActivityDeps, 'records' | 'sms'>,
  linked: LinkedParticipant,
): Promise<string> {
  const code = linkCode(sms.linkKeys, linked.participantId);
  await records.links.save(code, linked);
  return linkTo(sms.publicUrl, code);
}
