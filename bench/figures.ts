import { z } from 'zod';
import { actionKinds } from './measures/actions';

const count = z.number().int().nonnegative();
const some = z.number().int().positive();
const positive = z.number().positive();

const lateness = z.strictObject({
  p50Ms: positive,
  p99Ms: positive,
  /** The last of all. */
  lastMs: z.number(),
  early: count,
  /** Due, and never sent. */
  missing: count,
  twice: count,
});
export type Lateness = z.infer<typeof lateness>;

const workflow = z.strictObject({
  events: some,
  bytes: some,
  byType: z.record(z.string(), some),
  bytesByType: z.record(z.string(), some),
  billable: some,
  billableByKind: z.record(z.enum(actionKinds), count),
});
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
    platform: z.string(),
    database: z.string(),
    temporalServer: z.string(),
  }),
  bookings: z.strictObject({
    perSecond: positive,
    bareStartsPerSecond: positive,
    ratio: positive,
    /** Until the notice of the booking was handed over as well. */
    withNoticePerSecond: positive,
    rounds: some,
    countPerRound: some,
  }),
  lateness: z.strictObject({
    count: some,
    service: lateness,
    bare: lateness,
    poller: lateness,
    pollEverySeconds: positive,
    p50RatioToBare: positive,
    p99RatioToBare: positive,
    p50RatioToPoller: positive,
    p99RatioToPoller: positive,
  }),
  meeting: z.strictObject({
    meeting: workflow,
    invoice: workflow,
    bare: workflow,
    together: z.strictObject({ events: some, bytes: some, billable: some }),
    ratios: z.strictObject({ events: positive, bytes: positive, billable: positive }),
  }),
  memory: z.strictObject({ service: memory, bare: memory, ratio: z.number().nullable() }),
  reads: z.strictObject({
    perSecond: positive,
    barePerSecond: positive,
    ratio: positive,
    documentBytes: some,
  }),
});
export type Figures = z.infer<typeof figures>;
