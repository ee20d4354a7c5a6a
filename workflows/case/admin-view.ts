import { troubleOf, type NoticeTrouble } from '../shared/deliveries';
import type { CaseDelivery } from './messages';

/**
 * What administrators see in the workflow of the last notice. It is no part of the workflow's state. The
 * ledger is the truth of it.
 */
export class CaseAdminView {
  private told: CaseDelivery[] = [];

  /** Takes in where the last notice stands with all its recipients. */
  see(deliveries: CaseDelivery[]): void {
    this.told = deliveries;
  }

  /** Takes in where it stands with one of them. */
  tell(delivery: CaseDelivery): void {
    const isSame = ({ burst, recipient }: CaseDelivery): boolean =>
      burst === delivery.burst && recipient === delivery.recipient;
    this.told = [...this.told.filter((each) => !isSame(each)), delivery];
  }

  get deliveries(): CaseDelivery[] {
    return this.told;
  }

  get trouble(): NoticeTrouble {
    return troubleOf(this.told);
  }
}
