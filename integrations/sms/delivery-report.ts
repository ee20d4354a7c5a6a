import { z } from 'zod';
import { elksId } from './elks-id';
import { elksTime } from './elks-time';

const deliveryReportForm = z
  .object({
    id: elksId,
    status: z.enum(['sent', 'delivered', 'failed']),
    // Only a delivered message has it. An odd one does not make the report worthless: the status is what
    // counts.
    delivered: elksTime.nullable().catch(null).default(null),
  })
  .transform(({ id, status, delivered }) => ({ providerId: id, status, deliveredAt: delivered }));

/**
 * What the provider reports of an SMS after it accepted it. Repeats and disorder happen: statuses may only
 * raise.
 */
export type DeliveryReport = z.infer<typeof deliveryReportForm>;

/**
 * Reads the form that 46elks posts to the report URL; fields we do not know are let through unread.
 *
 * @returns null if it is no delivery report
 */
export function parseDeliveryReport(form: unknown): DeliveryReport | null {
  return deliveryReportForm.safeParse(form).data ?? null;
}
