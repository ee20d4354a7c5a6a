import { z } from 'zod';

/** How much is measured. */
export interface Sizes {
  bookings: { rounds: number; count: number };
  /** Due at one instant. */
  reminders: number;
  /** Once a minute; shorter only where nothing is judged by it. */
  pollEveryMs: number;
  memory: {
    /** Open meetings after each step. */
    steps: number[];
    /** Of the worker process: the SDK derives from it how many workflows it keeps in memory. */
    heapMiB: number;
  };
  reads: { rounds: number; ms: number };
  killed: { rounds: number; meetings: number };
  fullHour: {
    meetings: number;
    cancelled: number;
    /** A week ahead, booked just before. */
    far: number;
    /** How many doors somebody stands at. */
    doors: number;
    smsPerMinute: number;
    /** From the door's opening, with its message, to the start. */
    usefulSeconds: number;
  };
}

export const fullSizes: Sizes = {
  bookings: { rounds: 3, count: 200 },
  reminders: 1_000,
  pollEveryMs: 60_000,
  memory: { steps: [100, 1_000, 3_000], heapMiB: 2_048 },
  reads: { rounds: 3, ms: 5_000 },
  killed: { rounds: 3, meetings: 20 },
  fullHour: { meetings: 300, cancelled: 20, far: 40, doors: 30, smsPerMinute: 100, usefulSeconds: 120 },
};

/** Only shows that everything is measured; its figures mean nothing. */
export const quickSizes: Sizes = {
  bookings: { rounds: 1, count: 8 },
  reminders: 8,
  pollEveryMs: 2_000,
  memory: { steps: [5, 20], heapMiB: 512 },
  reads: { rounds: 1, ms: 500 },
  killed: { rounds: 1, meetings: 4 },
  fullHour: { meetings: 12, cancelled: 2, far: 3, doors: 3, smsPerMinute: 120, usefulSeconds: 4 },
};

/** What is measured, in this order; `--only` names some of them. */
export const measureNames = [
  'bookings',
  'lateness',
  'meeting',
  'reads',
  'killed',
  'fullHour',
  'memory',
] as const;
export type MeasureName = (typeof measureNames)[number];

/** What the command line asks for. */
export interface Wishes {
  sizes: Sizes;
  quick: boolean;
  /** The document is made from the figures. */
  write: boolean;
  only: MeasureName[];
}

const count = z.coerce.number().int().positive();
/** Each is an SMS, and there are 94 fictitious numbers with a cap each, as in production. */
const MOST_SMS = 1_800;
const wish = {
  bookings: count.max(MOST_SMS),
  reminders: count.max(MOST_SMS),
  memory: z
    .string()
    .transform((steps) => steps.split(',').map(Number))
    .pipe(z.array(z.number().int().positive()).min(2)),
  heap: count,
  only: z
    .string()
    .transform((names) => names.split(','))
    .pipe(z.array(z.enum(measureNames))),
};

/**
 * `--quick --write --bookings=200 --reminders=1000 --memory=100,1000,10000 --heap=4096 --only=bookings,reads`
 * @throws ZodError for what it does not know
 */
export function wishesOf(args: string[]): Wishes {
  const given = z
    .strictObject({ ...wish, quick: z.literal(''), write: z.literal('') })
    .partial()
    .parse(Object.fromEntries(args.map((arg) => /^--([a-z]+)=?(.*)$/.exec(arg)?.slice(1) ?? [arg, arg])));
  const sizes = given.quick === undefined ? fullSizes : quickSizes;
  return {
    quick: given.quick !== undefined,
    write: given.write !== undefined,
    only: given.only ?? [...measureNames],
    sizes: {
      ...sizes,
      bookings: { ...sizes.bookings, count: given.bookings ?? sizes.bookings.count },
      reminders: given.reminders ?? sizes.reminders,
      memory: {
        steps: given.memory ?? sizes.memory.steps,
        heapMiB: given.heap ?? sizes.memory.heapMiB,
      },
    },
  };
}
