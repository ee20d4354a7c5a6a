import type { Dice } from './dice';

/**
 * What is done about one meeting, in ms from the run's beginning; each begins when the one before it is
 * answered.
 */
export type MeetingAct = { atMs: number } & (
  | { what: 'rebook'; startAtMs: number; by: 'patient' | 'clinic' }
  | { what: 'cancel'; by: 'patient' | 'clinic' }
  | { what: 'withdraw-consent' }
  | { what: 'enter' }
  /** Staff state what it came to, so that a run need not wait for the booked end. */
  | { what: 'end' }
);

export interface MeetingPlan {
  /** The patient's number, E.164. */
  number: string;
  language: 'sv' | 'en';
  bookAtMs: number;
  startAtMs: number;
  /** The patient's answer to the question about care history (R3.2). */
  careHistoryConsent: boolean;
  acts: MeetingAct[];
}

/** PTS's range of mobile numbers for use in fiction. */
const NUMBERS = Array.from({ length: 95 }, (_, index) => `+46701740${605 + index}`);

/** Who hears is known by number and language: the numbers alone would not be enough. */
const RECIPIENTS = NUMBERS.flatMap((number) => [
  { number, language: 'sv' as const },
  { number, language: 'en' as const },
]);

/** An SMS names a meeting's time by the minute: no two times of one recipient may be closer than this. */
const APART_MS = 60_000;

/** @throws RangeError where there are too many meetings for the numbers that there are */
export function meetingPlans(dice: Dice, count: number, untilMs: number): MeetingPlan[] {
  const startsOf = new Map(RECIPIENTS.map((recipient) => [recipient, [] as number[]]));

  /** Gives a recipient to the times, of which no other time is too close. */
  function recipientFor(starts: number[]): (typeof RECIPIENTS)[number] {
    const isFree = (used: number): boolean => starts.every((at) => Math.abs(at - used) >= APART_MS);
    const recipient = dice.shuffled(RECIPIENTS).find((each) => startsOf.get(each)!.every(isFree));
    if (recipient === undefined) throw new RangeError(`${count} meetings are too many for so short a time`);
    startsOf.get(recipient)!.push(...starts);
    return recipient;
  }

  // The last bookings still have some of their reminders before the end.
  const lastBookingMs = Math.max(untilMs - 25_000, untilMs / 3);
  return Array.from({ length: count }, (_, index) => {
    const bookAtMs = Math.round((lastBookingMs * index) / count) + dice.between(0, 500);
    const { startAtMs, moves } = times(dice, bookAtMs);
    const starts = [startAtMs, ...moves.map((move) => move.startAtMs)];
    return {
      ...recipientFor(starts),
      bookAtMs,
      startAtMs,
      careHistoryConsent: dice.chance(0.85),
      acts: [...moves, ...others(dice, bookAtMs, starts, untilMs)]
        .filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs),
    };
  });
}

type Move = Extract<MeetingAct, { what: 'rebook' }>;

/** When it starts, and to when it is moved: earlier or later, once in a while both. */
function times(dice: Dice, bookAtMs: number): { startAtMs: number; moves: Move[] } {
  const by = (): Move['by'] => (dice.chance(0.5) ? 'patient' : 'clinic');
  const soon = bookAtMs + dice.between(16_000, 24_000);
  if (dice.chance(0.65)) return { startAtMs: soon, moves: [] };
  if (dice.chance(0.5)) {
    // To an earlier time, so that its reminders come in this run.
    const atMs = bookAtMs + dice.between(1_000, 6_000);
    const startAtMs = soon + APART_MS + dice.between(8_000, 14_000);
    return {
      startAtMs,
      moves: [{ what: 'rebook', atMs, startAtMs: atMs + dice.between(15_000, 18_000), by: by() }],
    };
  }
  // To a later time while the reminders of the old one are due.
  const move: Move = {
    what: 'rebook',
    atMs: soon - dice.between(1_000, 14_500),
    startAtMs: soon + APART_MS + dice.between(5_000, 20_000),
    by: by(),
  };
  const again: Move = {
    what: 'rebook',
    atMs: move.atMs + dice.between(500, 4_000),
    startAtMs: move.startAtMs + APART_MS + dice.between(0, 20_000),
    by: by(),
  };
  return { startAtMs: soon, moves: dice.chance(0.3) ? [move, again] : [move] };
}

function others(dice: Dice, bookAtMs: number, starts: number[], untilMs: number): MeetingAct[] {
  const last = starts.at(-1)!;
  const acts: MeetingAct[] = [];
  const before = (ms: number): number => Math.max(bookAtMs + 1_000, last - ms);
  if (dice.chance(0.12)) acts.push({ what: 'withdraw-consent', atMs: before(dice.between(0, 15_000)) });
  if (dice.chance(0.2)) acts.push({ what: 'enter', atMs: before(dice.between(-3_000, 6_000)) });
  if (dice.chance(0.2)) {
    const by = dice.chance(0.5) ? 'patient' : 'clinic';
    acts.push({ what: 'cancel', by, atMs: before(dice.between(500, 16_000)) });
  }
  // The start's own reminder helps for some seconds; what lies beyond the end of the run is ended with it.
  acts.push({ what: 'end', atMs: Math.min(last + dice.between(11_000, 13_000), untilMs) });
  return acts;
}
