import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { msOf, toInstant, type Instant } from '../../rules/instant';

/** The one timer of a workflow (design, decision 4). */
export interface Alarm {
  /**
   * Lets it ring at the instant, with the reason shown in the Web UI; null for never. Set to the same instant
   * again it just goes on.
   */
  set(next: { at: Instant; why: string } | null): void;
  /** The instant that it was last set to has come. */
  readonly rang: boolean;
}

/**
 * A timer that outlives the wakings in between: setting it anew each time would leave two events in the
 * history at each.
 */
export function createAlarm(): Alarm {
  let at: Instant | null = null;
  let rang = false;
  let scope: CancellationScope | null = null;

  return {
    get rang() {
      return rang;
    },
    set(next) {
      if (next?.at === at && !rang) return;
      scope?.cancel();
      scope = null;
      rang = false;
      at = next?.at ?? null;
      if (!next) return;
      const mine = new CancellationScope();
      scope = mine;
      mine
        .run(() => sleep(msOf(next.at) - msOf(toInstant(new Date())), { summary: next.why }))
        .then(
          () => {
            if (scope === mine) rang = true;
          },
          (error: unknown) => {
            if (!isCancellation(error)) throw error;
          },
        );
    },
  };
}
