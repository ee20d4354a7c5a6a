import { troubleOf, type NoticeDelivery, type NoticeTrouble } from '../shared/deliveries';
import type { GoesOn, MeetingFact, MeetingSight, RefusedTry } from './messages';

/**
 * What the workflow has been told that is no part of its course: who was not let in and why, and what became
 * of each notice. The database is the truth of it; here it is for the administrators who look at the
 * workflow.
 */
export class MeetingAdminView {
  private refusedTries: RefusedTry[] = [];
  private readonly latest = new Map<string, NoticeDelivery>();

  /** With what the run before knew, where there was one. */
  constructor({ refused = [], deliveries = [] }: Partial<Pick<GoesOn, 'refused' | 'deliveries'>> = {}) {
    this.see({ refused, deliveries });
  }

  /** Takes in a fact that only administrators ask for. */
  hear(fact: MeetingFact): void {
    if (fact.kind === 'refusals') this.refusedTries = fact.refused;
    if (fact.kind === 'deliveries') for (const delivery of fact.deliveries) this.tell(delivery);
  }

  /** Takes in what was seen outside. */
  see({ refused, deliveries }: Pick<MeetingSight, 'refused' | 'deliveries'>): void {
    this.refusedTries = refused;
    for (const delivery of deliveries) this.tell(delivery);
  }

  /** Takes in where one notice stands with one recipient. */
  tell(delivery: NoticeDelivery): void {
    this.latest.set([delivery.startVersion, delivery.kind, delivery.recipient].join(':'), delivery);
  }

  get refused(): RefusedTry[] {
    return this.refusedTries;
  }

  /** In the order in which they were told first. */
  get deliveries(): NoticeDelivery[] {
    return [...this.latest.values()];
  }

  get trouble(): NoticeTrouble {
    return troubleOf(this.deliveries);
  }
}
