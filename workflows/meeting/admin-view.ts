import { msOf, type Instant } from '../../rules/instant';
import { isLost } from '../../rules/ledger';
import type { MeetingSight, NoticeDelivery, RefusedTry } from './messages';

/** What became of notices that did not reach whom they were for. */
export interface NoticeTrouble {
  /** The states that they are in. */
  states: string[];
  /** When the last of them failed; null where none was tried. */
  failedAt: Instant | null;
}

/**
 * What the workflow has been told that is no part of its course: who was not let in and why, and what became of each notice. The database
 * is the truth of it; here it is for the administrators who look at the workflow.
 */
export class MeetingStory {
  private refusedTries: RefusedTry[] = [];
  private readonly told = new Map<string, NoticeDelivery>();

  /** Takes in what was seen outside. */
  see({ refused, deliveries }: MeetingSight): void {
    this.refusedTries = refused;
    for (const delivery of deliveries) this.tell(delivery);
  }

  /** Takes in where one notice stands with one recipient. */
  tell(delivery: NoticeDelivery): void {
    this.told.set([delivery.startVersion, delivery.kind, delivery.recipient].join(':'), delivery);
  }

  get refused(): RefusedTry[] {
    return this.refusedTries;
  }

  /** In the order in which they were told first. */
  get deliveries(): NoticeDelivery[] {
    return [...this.told.values()];
  }

  get trouble(): NoticeTrouble {
    return troubleOf(this.deliveries);
  }
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
