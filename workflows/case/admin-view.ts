import { troubleOf, type NoticeTrouble } from '../shared/deliveries';
import type { CaseDelivery } from './messages';

/**
 * What the workflow has been told of the last notice, which is no part of its course: the ledger is the truth
 * of it; here it is for the administrators who look at the workflow.
 */
export class CaseAdminView {
  private told: CaseDelivery[] = [];

  /** Takes in where the last notice stands with all its recipients. */
  see(deliveries: CaseDelivery[]): void {
    this.told = deliveries;
  }

  /** Takes in where it stands with one of them; of earlier notices nothing is shown any more. */
  tell(delivery: CaseDelivery): void {
    const isPast = ({ burst, recipient }: CaseDelivery): boolean =>
      burst < delivery.burst || (burst === delivery.burst && recipient === delivery.recipient);
    this.told = [...this.told.filter((each) => !isPast(each)), delivery];
  }

  get deliveries(): CaseDelivery[] {
    return this.told;
  }

  get trouble(): NoticeTrouble {
    return troubleOf(this.told);
  }
}
