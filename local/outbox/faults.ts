import { z } from 'zod';

/** The longest that a fault keeps anything waiting or hidden. */
const MAX_MS = 24 * 60 * 60_000;

const ms = z.int().min(0).max(MAX_MS);

/** Which SMS a rule is about, and how often it strikes. */
const scope = {
  /** Only SMS to this number (E.164), or questions for the history of it; without: all. */
  to: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be one number in E.164')
    .optional(),
  /** So many times, and then no more; without: until it is switched off. */
  count: z.int().positive().optional(),
  /** How likely it is to strike, from the seeded generator; without: each time. */
  probability: z.number().gt(0).max(1).optional(),
};

const plain = <Kind extends string>(fault: Kind) => z.strictObject({ fault: z.literal(fault), ...scope });

/**
 * All that the stand-in can do wrong. What it accepted it has recorded, whatever it then answers, reports or
 * hides: its record is the truth about what was sent.
 */
export const faultRuleSchema = z.discriminatedUnion('fault', [
  // The answer to an SMS.
  plain('hang-before-accepting'),
  plain('hang-after-accepting'),
  plain('error-before-accepting'),
  plain('error-after-accepting'),
  plain('refusal'),
  plain('too-many'),
  plain('cut-before-accepting'),
  plain('cut-after-accepting'),
  /**
   * It accepts, and cuts the connection after so many bytes of its answer, the status line being the first.
   */
  z.strictObject({ fault: z.literal('cut-in-the-answer'), atByte: z.int().min(0).max(16_384), ...scope }),
  /** It accepts, and answers 200 with something that is no answer. */
  plain('odd-body'),
  /** It accepts at once, and answers later. */
  z.strictObject({ fault: z.literal('slow-answer'), delayMs: ms, ...scope }),
  // The delivery reports of an SMS.
  z.strictObject({ fault: z.literal('report-late'), delayMs: ms, ...scope }),
  z.strictObject({ fault: z.literal('report-repeated'), times: z.int().min(2).max(20), ...scope }),
  /** "delivered" and then "sent". */
  plain('report-out-of-order'),
  plain('report-before-answer'),
  plain('report-lost'),
  plain('report-failed'),
  // Whether an SMS shows in the history.
  z.strictObject({ fault: z.literal('hidden-from-history'), forMs: ms, ...scope }),
  // The answer to who asks for the history.
  plain('history-error'),
  plain('history-hang'),
]);

/** One thing that the stand-in does wrong, to whom and how often. */
export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultKind = FaultRule['fault'];

/** What a fault is about; at each of them at most one strikes. */
export type FaultMoment = 'answer' | 'report' | 'visibility' | 'history';

/** The faults that can strike at one moment. */
export type FaultAt<Moment extends FaultMoment> = Extract<
  FaultRule,
  { fault: (typeof faultsAt)[Moment][number] }
>;

/** At which moment each fault strikes. */
export const faultsAt = {
  answer: [
    'hang-before-accepting',
    'hang-after-accepting',
    'error-before-accepting',
    'error-after-accepting',
    'refusal',
    'too-many',
    'cut-before-accepting',
    'cut-after-accepting',
    'cut-in-the-answer',
    'odd-body',
    'slow-answer',
  ],
  report: [
    'report-late',
    'report-repeated',
    'report-out-of-order',
    'report-before-answer',
    'report-lost',
    'report-failed',
  ],
  visibility: ['hidden-from-history'],
  history: ['history-error', 'history-hang'],
} as const satisfies Record<FaultMoment, readonly FaultKind[]>;

/**
 * The first rule that strikes at this moment, or null. The generator is asked only where a rule leaves it to
 * chance.
 *
 * @param where.to - the number that the SMS goes to or the history is asked of; null where all is asked for
 * @param random - from 0 to 1
 */
export function chooseFault<Rule extends FaultRule>(
  rules: readonly Rule[],
  where: { moment: FaultMoment; to: string | null },
  random: () => number,
): Rule | null {
  return (
    rules.find(
      (rule) =>
        strikesAt(rule.fault, where.moment) &&
        (rule.to === undefined || rule.to === where.to) &&
        (rule.probability === undefined || random() < rule.probability),
    ) ?? null
  );
}

/** The rules after one of them has struck: one that is counted comes closer to its end. */
export function afterStrike(rules: readonly FaultRule[], struck: FaultRule): FaultRule[] {
  return rules.flatMap((rule) => {
    if (rule !== struck || rule.count === undefined) return [rule];
    return rule.count === 1 ? [] : [{ ...rule, count: rule.count - 1 }];
  });
}

const strikesAt = (fault: FaultKind, moment: FaultMoment): boolean =>
  (faultsAt[moment] as readonly FaultKind[]).includes(fault);
