import { currentUpdateInfo } from '@temporalio/workflow';
import { msOf, type Instant } from '../../rules/instant';

/** Nobody sends a command again after this: the reconciler has given it up (design, decision 4). */
const KEPT_MS = 7 * 24 * 3_600_000;
/** A runaway caller must not make what is handed on grow without end. */
const MOST_KEPT = 500;

/**
 * The commands that a workflow has carried out, by their update's id. Temporal knows those of one run; where
 * the history goes on as a new one they are handed on, so that a command that is sent again is carried out
 * once.
 */
export class AnsweredCommands {
  private readonly ids: Map<string, Instant>;

  constructor(earlier: Record<string, Instant> = {}) {
    this.ids = new Map(Object.entries(earlier));
  }

  /** Whether the command that is being handled was carried out before. */
  hasThis(): boolean {
    return this.ids.has(idOfThis());
  }

  /** The command that is being handled has been carried out. */
  addThis(at: Instant): void {
    this.ids.set(idOfThis(), at);
  }

  /** Those that can still be sent again, newest last. */
  handOn(at: Instant): Record<string, Instant> {
    const kept = [...this.ids].filter(([, answeredAt]) => msOf(at) - msOf(answeredAt) < KEPT_MS);
    return Object.fromEntries(kept.slice(-MOST_KEPT));
  }
}

const idOfThis = (): string => currentUpdateInfo()?.id ?? '';
