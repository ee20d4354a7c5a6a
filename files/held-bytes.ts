/** What one request holds in memory of what it sends. */
export interface Hold {
  /**
   * Counts bytes; false where they are too many, for this sender or in all. Those that were refused are not
   * counted.
   */
  add(bytes: number): boolean;
  /** Of what was counted so much is held no more. */
  remove(bytes: number): void;
  /** All that was counted is held no more; again is nothing. */
  release(): void;
}

/** How much is held at once, in bytes, and how many requests of one sender. */
export interface HoldLimits {
  all: number;
  /** Of one sender: a session, a member of staff, an address. */
  sender: number;
  requestsOfSender: number;
}

/**
 * The files of requests under way (ours; design, decision 20): a full message of 30 MB grows to at most one
 * and a half times that while it comes. The container's memory is reckoned from this
 * (docs/containers.md).
 */
export const fileHoldLimits: HoldLimits = {
  all: 160 * 1024 * 1024,
  sender: 48 * 1024 * 1024,
  requestsOfSender: 4,
};

/** Counts what is held in memory of requests that are not answered yet. */
export interface HeldBytes {
  /** Null where this sender has too many requests under way. */
  open(sender: string): Hold | null;
  /** For tests and figures. */
  held(): number;
}

export function createHeldBytes(limits: HoldLimits): HeldBytes {
  const senders = new Map<string, { bytes: number; requests: number }>();
  let all = 0;
  return {
    open(sender) {
      const of = senders.get(sender) ?? { bytes: 0, requests: 0 };
      if (of.requests >= limits.requestsOfSender) return null;
      of.requests += 1;
      senders.set(sender, of);
      let own = 0;
      let isOpen = true;
      return {
        add(bytes) {
          if (!isOpen || all + bytes > limits.all || of.bytes + bytes > limits.sender) return false;
          all += bytes;
          of.bytes += bytes;
          own += bytes;
          return true;
        },
        remove(bytes) {
          if (!isOpen) return;
          all -= bytes;
          of.bytes -= bytes;
          own -= bytes;
        },
        release() {
          if (!isOpen) return;
          isOpen = false;
          all -= own;
          of.bytes -= own;
          of.requests -= 1;
          if (of.requests === 0) senders.delete(sender);
        },
      };
    },
    held: () => all,
  };
}
