import { z } from 'zod';
import { invoiceStandings } from '../../rules/invoice';
import { meetingStates } from '../../rules/meeting';
import { cursor, day, id, instant, personalNumber, reference } from '../../use-cases/fields';
import { causes } from '../../use-cases/invoice/view';

/** What the clinic’s questions carry. What a command carries is in `use-cases/<domain>/bodies.ts`. */

export const findPersonBody = z.strictObject({ personalNumber });

/** Which meetings: of a day, of a patient, of a reference, or what has changed. */
export const meetingsQuery = z
  .strictObject({
    day: day.optional().meta({ description: 'Those that start on this day (Stockholm), by start' }),
    patientId: id.optional().meta({ description: 'Those of this patient, by start' }),
    reference: reference.optional().meta({ description: 'Those with this reference of yours, by start' }),
    changedSince: instant.optional().meta({
      description:
        'Those that have changed since, by change. Follow next to the end, then ask again with nextChangedSince of the ' +
        'first page: you miss none, and may see some twice',
    }),
    state: z.enum(meetingStates).optional(),
    cursor,
  })
  .superRefine(({ day, patientId, reference, changedSince }, context) => {
    const given = Object.entries({ day, patientId, reference, changedSince }).filter(
      ([, value]) => value !== undefined,
    );
    const message = 'one of day, patientId, reference and changedSince is needed, and no second';
    if (given.length === 0) context.addIssue({ code: 'custom', path: ['day'], message });
    for (const [name] of given.slice(1)) context.addIssue({ code: 'custom', path: [name], message });
  });

/** Which invoices: where they stand, why they are charged, when they were proposed. */
export const invoicesQuery = z.strictObject({
  standing: z.enum(invoiceStandings).default('to-decide'),
  cause: z.enum(causes).optional(),
  day: day.optional().meta({ description: 'Those that were proposed on this day (Stockholm)' }),
  cursor,
});

export const entryBody = z.strictObject({
  participantId: id,
  identityChecked: z
    .enum(['known-to-staff', 'e-identification', 'by-telephone'])
    .nullable()
    .default(null)
    .meta({
      description: 'How the acting staff checked who it is; without it nobody comes in (login-required)',
    }),
});
