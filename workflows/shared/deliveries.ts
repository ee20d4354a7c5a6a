import type { Channel } from '../../rules/consents';
import { msOf, type Instant } from '../../rules/instant';
import { isLost, REPORTED_AS_FAILED, type DeliveryState } from '../../rules/ledger';
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
}

/** What became of notices that did not reach whom they were for. */
export interface NoticeTrouble {
  /** The states that they are in. */
  states: string[];
  /** When the last of them failed; null where none was tried. */
  failedAt: Instant | null;
}

/** A notice that should have gone and has not: the provider refuses it, or it is late. */
const waitsInVain = ({ state, reason, late }: Pick<NoticeDelivery, 'state' | 'reason' | 'late'>): string[] =>
  state !== 'planned' ? [] : reason !== null ? ['refused'] : late ? ['late'] : [];

/** What became of those that did not reach whom they were for. */
export function troubleOf(
  deliveries: Pick<NoticeDelivery, 'state' | 'reason' | 'at' | 'late'>[],
): NoticeTrouble {
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

/** What can be done about a notice that is in this state, for this reason (R2.7, R2.10). */
export function deliveryHelp(state: DeliveryState, reason: string | null): string | null {
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
      return reason === null
        ? null
        : 'it was refused and is tried again; look at the provider’s account or the mail server, staff call meanwhile';
    case 'handing-over':
    case 'sent':
    case 'delivered':
      return null;
  }
}

const skippedHelp: Record<string, string> = {
  'protected-identity': 'call: people with protected data get no notices',
  'foreign-number': 'the clinic takes no numbers abroad; an e-mail address would do',
  'over-cap-number': 'too many SMS to this number in 24 hours: is something running away?',
  'over-cap-clinic': 'too many SMS of this clinic in 24 hours: is something running away?',
  'over-cap-account': 'too many SMS of the whole account in 24 hours: is something running away?',
};
