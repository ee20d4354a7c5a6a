import { DateTime } from 'luxon';
import { z } from 'zod';

/** A time of 46elks: UTC, also where it has no zone suffix. */
const utcTime = z.string().transform((text, context) => {
  const time = DateTime.fromISO(text, { zone: 'utc' });
  if (time.isValid) return time.toJSDate();
  context.addIssue('not a time');
  return z.NEVER;
});

const deliveryReportForm = z
  .object({
    id: z.string().min(1).max(100),
    status: z.enum(['sent', 'delivered', 'failed']),
    // Only a delivered message has it. An odd one does not make the report worthless: the status is what counts.
    delivered: utcTime.nullable().catch(null).default(null),
  })
  .transform(({ id, status, delivered }) => ({ providerId: id, status, deliveredAt: delivered }));

/** What the provider reports of an SMS after it accepted it. Repeats and disorder happen: statuses may only raise. */
export type DeliveryReport = z.infer<typeof deliveryReportForm>;

/**
 * Reads the form that 46elks posts to the report URL; fields we do not know are let through unread.
 *
 * @returns null if it is no delivery report
 */
export function parseDeliveryReport(form: unknown): DeliveryReport | null {
  return deliveryReportForm.safeParse(form).data ?? null;
}
