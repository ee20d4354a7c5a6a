import { msOf, toInstant, type Instant } from './instant';

/** A hand-over of which nobody knows what became of it. */
export interface UncertainHandOver {
  rowId: string;
  /** The provider can have made its message from then until then, both included. */
  from: Instant;
  until: Instant;
}

/** A message that the provider has and that no row of the ledger is known by. */
export interface UnexplainedMessage {
  providerId: string;
  createdAt: Instant;
}

/** A hand-over that was surely sent, with a message that may stand for it. */
export interface Explanation<Message extends UnexplainedMessage> {
  rowId: string;
  message: Message;
}

/**
 * How far the provider's clock and ours may differ, and how long a message may wait in front of the provider.
 * A message outside of this leaves its row unknown, which is never wrong.
 */
const ALLOWANCE_MS = 60_000;

/**
 * When the provider can have made the message of a hand-over that began at `at` and whose lease ended at
 * `until`.
 */
export const windowOf = ({
  at,
  until,
}: {
  at: Instant;
  until: Instant;
}): { from: Instant; until: Instant } => ({
  from: toInstant(new Date(msOf(at) - ALLOWANCE_MS)),
  until: toInstant(new Date(msOf(until) + ALLOWANCE_MS)),
});

/**
 * Which hand-overs to one number were surely sent, judged by the provider's messages (R2.7).
 *
 * Each message came of at most one hand-over, and each hand-over made at most one message. Nobody needs to
 * know which. A hand-over was surely sent if the messages cannot be explained without it. If there are as
 * many messages as hand-overs, all were sent. If there are fewer, those were sent that can be told apart.
 * Nothing is said of the others: a missing message does not prove that nothing was sent.
 * @param rows all hand-overs to the number that could have made one of the messages, also those that are
 * still under way
 */
export function explain<Message extends UnexplainedMessage>(
  rows: readonly UncertainHandOver[],
  messages: readonly Message[],
): Explanation<Message>[] {
  // In the order of time, so that the first message goes to the first row wherever it may.
  const ordered = [...rows].sort((a, b) => msOf(a.from) - msOf(b.from));
  const candidates = [...messages].sort((a, b) => msOf(a.createdAt) - msOf(b.createdAt));
  const mayExplain = (row: UncertainHandOver): Message[] =>
    candidates.filter(({ createdAt }) => isWithin(createdAt, row));
  const rowOf = new Map<Message, UncertainHandOver>();

  /** Finds the row a message, letting others change theirs where that helps (augmenting paths). */
  function settle(row: UncertainHandOver, tried: Set<Message>): boolean {
    const free = mayExplain(row).find((message) => !rowOf.has(message));
    const own =
      free ??
      mayExplain(row).find((message) => {
        if (tried.has(message)) return false;
        tried.add(message);
        return settle(rowOf.get(message)!, tried);
      });
    if (own) rowOf.set(own, row);
    return own !== undefined;
  }
  const left = ordered.filter((row) => !settle(row, new Set()));

  // A row can be done without if its message could be the one of a row that is left over, or of another that
  // can be done without.
  const dispensable = new Set(left);
  for (const row of dispensable) {
    for (const message of mayExplain(row)) dispensable.add(rowOf.get(message)!);
  }
  return [...rowOf]
    .filter(([, row]) => !dispensable.has(row))
    .map(([message, { rowId }]) => ({ rowId, message }));
}

const isWithin = (at: Instant, { from, until }: Pick<UncertainHandOver, 'from' | 'until'>): boolean =>
  msOf(from) <= msOf(at) && msOf(at) <= msOf(until);

/**
 * Those of the rows that could have made one of the same messages as the first, directly or by way of others.
 */
export function rivalsOf<Row extends { from: Instant; until: Instant }>(
  first: Row,
  rows: readonly Row[],
): Row[] {
  const group = new Set([first]);
  for (const member of group) {
    for (const row of rows) {
      if (msOf(row.from) <= msOf(member.until) && msOf(member.from) <= msOf(row.until)) group.add(row);
    }
  }
  return [...group];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** After an uncertain answer: time for the provider's history to show the message. */
export const FIRST_LOOK_AFTER_MS = 3 * SECOND;
/** Should nobody come who was to look first. */
export const LOOK_IF_NOBODY_DID_MS = 30 * SECOND;
/** After a lease whose process has not settled its row. */
export const LOOK_AFTER_LEASE_MS = 5 * SECOND;
/**
 * A row that still waits so long after its last useful moment is nobody's: whoever would have ended it has
 * died.
 */
export const LEFT_AFTER_MS = MINUTE;
/** A look takes a row for so long: one that ended in an error of ours is due again after it. */
export const LOOK_TAKES_MS = MINUTE;
/** The pause after each look at the provider's history that did not settle it. */
const PAUSES_MS = [30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, 6 * HOUR] as const;
/** A history that cannot be read is asked for so long. */
const GIVE_UP_AFTER_MS = 72 * HOUR;

/**
 * When to look again at the provider's history for a hand-over that stays unknown; null to give it up. It is
 * given up when the history has been read after the last of the growing pauses, or could not be read for
 * three days.
 *
 * @param look.looks how often it has been looked for, this time included
 * @param look.wasRead whether the history could be read this time
 */
export function nextLook(look: {
  looks: number;
  wasRead: boolean;
  handedOverAt: Instant;
  now: Instant;
}): Instant | null {
  const { looks, wasRead, handedOverAt, now } = look;
  const pauseMs = PAUSES_MS[looks - 1];
  if (pauseMs === undefined && wasRead) return null;
  const at = msOf(now) + (pauseMs ?? PAUSES_MS[PAUSES_MS.length - 1]!);
  return at - msOf(handedOverAt) > GIVE_UP_AFTER_MS ? null : toInstant(new Date(at));
}
