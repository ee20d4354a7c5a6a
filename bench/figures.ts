import { z } from 'zod';
import { cpuParts } from './cpu';
import { actionKinds } from './measures/actions';

const count = z.number().int().nonnegative();
const some = z.number().int().positive();
const positive = z.number().positive();

/** Processor time of one operation, in milliseconds, by process; null where the system does not tell. */
const cpu = z
  .strictObject({
    byPart: z.partialRecord(z.enum(cpuParts), z.number().nonnegative()),
    together: z.number().nonnegative(),
  })
  .nullable();

const rate = z.strictObject({ perSecond: positive, cpu });
export type Rate = z.infer<typeof rate>;

const lateness = z.strictObject({
  p50Ms: positive,
  p99Ms: positive,
  /** The last of all. */
  lastMs: z.number(),
  early: count,
  /** Due, and never sent. */
  missing: count,
  twice: count,
  cpu,
});
export type Lateness = z.infer<typeof lateness>;

const latenessRatio = z.strictObject({
  p50: positive,
  p99: positive,
  last: z.number(),
  cpu: z.number().nullable(),
});

const workflow = z.strictObject({
  events: some,
  bytes: some,
  byType: z.record(z.string(), some),
  bytesByType: z.record(z.string(), some),
  byName: z.record(z.string(), some),
  billable: some,
  billableByKind: z.record(z.enum(actionKinds), count),
});
const together = z.strictObject({ events: some, bytes: some, billable: some });
export type WorkflowFigures = z.infer<typeof workflow>;

const memory = z.strictObject({
  steps: z.array(z.strictObject({ open: count, rssMiB: positive, cached: count })).min(2),
  /** How many workflows the worker keeps in memory; those beyond are read again when something happens. */
  maxCachedWorkflows: some,
  heapLimitMiB: some,
  /** What one more open workflow takes while all are kept in memory, in KiB. */
  kibPerOpen: z.number(),
  /** What one more takes beyond that; null where no step reached so far. */
  kibPerOpenBeyondCache: z.number().nullable(),
});
export type MemoryFigures = z.infer<typeof memory>;

/** All that one run has measured. A ratio is the service's figure divided by what it is compared with. */
export const figures = z.strictObject({
  /** A short run, whose figures mean nothing. */
  quick: z.boolean(),
  machine: z.strictObject({
    /** Of the code that was measured. */
    commit: z.string(),
    cores: some,
    memoryGiB: positive,
    node: z.string(),
    /** Load average before the bench began: 0 on a machine that has nothing else to do. */
    loadBefore: z.number().nonnegative(),
    /** What share of all cores others used just before, 0 to 1. */
    busyBefore: z.number(),
    platform: z.string(),
    database: z.string(),
    temporalServer: z.string(),
    temporalKind: z.string(),
  }),
  bookings: z.strictObject({
    rounds: some,
    countPerRound: some,
    /** Their notices are not due during the test. */
    service: rate,
    bare: rate,
    floor: rate,
    ratioToBare: positive,
    ratioToFloor: positive,
    cpuRatioToBare: z.number().nullable(),
    cpuRatioToFloor: z.number().nullable(),
    /** Until the notice of the booking was handed over as well. */
    withNotice: rate,
  }),
  lateness: z.strictObject({
    count: some,
    service: lateness,
    bare: lateness,
    floor: lateness,
    poller: lateness,
    pollEverySeconds: positive,
    toBare: latenessRatio,
    toFloor: latenessRatio,
    toPoller: latenessRatio,
  }),
  meeting: z.strictObject({
    meeting: workflow,
    /** The invoice, where it is approved, and where it goes out by itself after its weekdays. */
    approved: workflow,
    letThrough: workflow,
    bare: workflow,
    /** The meeting and its invoice. */
    together: z.strictObject({ approved: together, letThrough: together }),
    ratios: z.strictObject({ events: positive, bytes: positive, billable: positive }),
  }),
  killed: z.strictObject({
    rounds: some,
    meetings: some,
    /** From the kill until the last of all has gone on. */
    goesOnMs: z.strictObject({ median: positive, most: positive }),
    /** How many of them the killed worker had in memory, on average. */
    ofTheKilled: z.number().nonnegative(),
    missing: count,
    twice: count,
  }),
  fullHour: z.strictObject({
    meetings: some,
    smsPerMinute: positive,
    usefulSeconds: positive,
    /** How late somebody was let in who stood at the door when it opened. */
    doors: z.strictObject({ tried: some, p50Ms: z.number(), mostMs: z.number() }),
    handedOver: count,
    expired: count,
    handedOverTooLate: count,
    cancellations: z.strictObject({
      count: some,
      notSent: count,
      p50Ms: z.number(),
      mostMs: z.number(),
      overtakenByMost: count,
      afterwards: count,
    }),
    far: z.strictObject({ count: some, handedOverBeforeTheNearest: count }),
    /** The share of the provider's slots in which something was sent, while something waited. */
    slotsUsed: positive,
  }),
  memory: z.strictObject({ service: memory, bare: memory, ratio: z.number().nullable() }),
  reads: z.strictObject({
    service: rate,
    bare: rate,
    ratio: positive,
    cpuRatio: z.number().nullable(),
    documentBytes: some,
  }),
});
export type Figures = z.infer<typeof figures>;
