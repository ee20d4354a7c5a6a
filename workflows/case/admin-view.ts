import { troubleOf, type NoticeTrouble } from '../shared/deliveries';
import type { CaseDelivery } from './messages';

/**
 * What administrators see in the workflow of the last notice. It is no part of the workflow's state. The
 * ledger is the truth of it.
 */
export class CaseAdminView {
  private latest: CaseDelivery[] = [];

  /** Takes in where the last notice stands with all its recipients. */
  see(deliveries: CaseDelivery[]): void {
    this.latest = deliveries;
  }

  /** Takes in where it stands with one of them; of earlier notices nothing is shown any more. */
  tell(delivery: CaseDelivery): void {
    const isPast = ({ burst, recipient }: CaseDelivery): boolean =>
      burst < delivery.burst || (burst === delivery.burst && recipient === delivery.recipient);
    this.latest = [...this.latest.filter((each) => !isPast(each)), delivery];
  }

  get deliveries(): CaseDelivery[] {
    return this.latest;
  }

  get trouble(): NoticeTrouble {
    return troubleOf(this.latest);
  }
}
