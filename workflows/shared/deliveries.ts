import type { Channel } from '../../rules/consents';
import { msOf, type Instant } from '../../rules/instant';
import type { WaitCause } from '../../rules/late';
import { isLost, isRefusal, REPORTED_AS_FAILED, type DeliveryState } from '../../rules/ledger';
import type { NoticeKind } from '../../rules/notices';

/**
 * Where a notice stands with one recipient, by a number that means the same one throughout the meeting and
 * nothing else (R2.7, R8.3).
 */
export interface NoticeDelivery {
  startVersion: number;
  kind: NoticeKind;
  recipient: number;
  channel: Channel | null;
  state: DeliveryState;
  reason: string | null;
  /** Since when. */
  at: Instant;
  /** It should have gone by now (R2.10). */
  late?: true;
  /** Why it waits, where it was due some minutes ago and nobody has handed it over. */
  waits?: WaitCause;
}

/** What became of notices that did not reach whom they were for. */
export interface NoticeTrouble {
  /** The states that they are in. */
  states: string[];
  /** When the last of them failed; null where none was tried. */
  failedAt: Instant | null;
}

type Waiting = Pick<NoticeDelivery, 'state' | 'reason' | 'late' | 'waits'>;

/** A notice that should have gone and has not: the provider refuses it, or it is late or overdue. */
function waitsInVain({ state, reason, late, waits }: Waiting): string[] {
  if (state !== 'planned') return [];
  if (reason !== null) return ['refused'];
  return late ? ['late'] : waits === 'overdue' ? ['overdue'] : [];
}

/** What became of those that did not reach whom they were for. */
export function troubleOf(deliveries: (Waiting & Pick<NoticeDelivery, 'at'>)[]): NoticeTrouble {
  const lost = deliveries.filter(({ state, reason }) => isLost(state, reason));
  const failed = lost.filter(({ state }) => state === 'failed' || state === 'unknown' || state === 'expired');
  return {
    states: [...lost.map(({ state }) => state), ...deliveries.flatMap(waitsInVain)],
    failedAt: failed.reduce<Instant | null>(
      (last, { at }) => (last !== null && msOf(last) >= msOf(at) ? last : at),
      null,
    ),
  };
}

/** Of what has just begun. */
export const noTrouble: NoticeTrouble = { states: [], failedAt: null };

/**
 * What can be done about a notice that is in this state, for this reason (R2.7, R2.10). @param waits why one
 * waits that was due
 */
export function deliveryHelp(state: DeliveryState, reason: string | null, waits?: WaitCause): string | null {
  switch (state) {
    case 'failed':
      return reason === REPORTED_AS_FAILED
        ? 'call or write: the provider says that it did not arrive; it is not sent again'
        : 'call or write; the operator’s command tells whether it may be sent again';
    case 'unknown':
      return 'call or write: it may have come, so nobody sends it again';
    case 'expired':
      return 'too late to help; was the worker or the provider down?';
    case 'no-consent':
      return reason === 'no-phone-number'
        ? 'record a mobile number, or an e-mail address'
        : 'ask for consent to SMS to the number that is recorded, or for an e-mail address';
    case 'skipped':
      return reason === null ? null : (skippedHelp[reason] ?? null);
    case 'planned':
      return isRefusal(reason)
        ? 'it was refused and is tried again; look at the provider’s account or the mail server, staff call meanwhile'
        : waits
          ? waitHelp[waits]
          : null;
    case 'handing-over':
    case 'sent':
    case 'delivered':
      return null;
  }
}

const waitHelp: Record<WaitCause, string> = {
  overdue: 'it is overdue: nobody hands it over; is the worker up, and does a command about it wait?',
  'quiet-hours': 'it waits for the morning',
  rate: 'it waits for its turn: the SMS queue moves at the provider’s rate',
};

const skippedHelp: Record<string, string> = {
  'protected-identity': 'call: people with protected data get no notices',
  'foreign-number': 'the clinic takes no numbers abroad; an e-mail address would do',
  'over-cap-number': 'too many SMS to this number in 24 hours: is something running away?',
  'over-cap-clinic': 'too many SMS of this clinic in 24 hours: is something running away?',
  'over-cap-account': 'too many SMS of the whole account in 24 hours: is something running away?',
};
