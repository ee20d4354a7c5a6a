import { z } from 'zod';
import { entryRefusals } from '../../rules/gates';
import { meetingStates, outcomes, participantRoles } from '../../rules/meeting';
import { languages, noticeKinds } from '../../rules/notices';
import { deliveryStates } from '../../rules/ledger';
import { feeRow, settingsBody, suitability } from './bodies';

/** What the API answers with, for the OpenAPI document and for the tests that hold the answers to it. */

const instant = z.iso.datetime();
const id = z.string();

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string().meta({ description: 'The reason, for machines' }),
    status: z.int(),
    detail: z.string().meta({ description: 'The reason, for people' }),
    errors: z.array(z.object({ field: z.string(), reason: z.string(), message: z.string() })),
  })
  .meta({ id: 'Problem', description: 'RFC 9457, with the fields that are wrong' });

export const settingsAnswer = settingsBody;

export const feesAnswer = z.object({
  rows: z.array(feeRow),
  csv: z.string().meta({ description: 'The same rows as the file that the import takes' }),
});
export const importedFeesAnswer = z.object({
  dryRun: z.boolean(),
  added: z.array(feeRow),
  ended: z.array(feeRow).meta({ description: 'As they were: they end earlier now, or are gone' }),
  changed: z.array(z.object({ before: feeRow, after: feeRow })),
  unchanged: z.int(),
});

const consentBase = { given: z.boolean(), recordedBy: z.string(), recordedAt: instant };
export const personAnswer = z
  .object({
    personId: id,
    name: z.string(),
    personalNumber: z.string().nullable(),
    identityKind: z.enum(['personal-number', 'co-ordination-number', 'reserve-number']).nullable(),
    birthDate: z.iso.date(),
    mobile: z.string().nullable(),
    email: z.string().nullable(),
    language: z.enum(languages),
    protectedIdentity: z.boolean(),
    smsConsent: z.object({ ...consentBase, source: z.enum(['asked', '1177']) }).nullable(),
    careHistoryConsent: z.object({ ...consentBase, givenBy: z.enum(['person', 'guardian']) }).nullable(),
  })
  .meta({ id: 'Person' });

export const formAnswer = z
  .object({ formId: id, title: z.string(), questions: z.array(z.record(z.string(), z.unknown())) })
  .meta({ id: 'Form' });
export const formsAnswer = z.object({ items: z.array(formAnswer) });

export const filledFormAnswer = z.object({
  meetingId: id,
  formId: id,
  answeredBy: z.enum(['patient', 'guardian', 'staff-by-telephone']),
  recordedAt: instant,
  answers: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])).optional(),
});

export const meetingAnswer = z
  .object({
    meetingId: id,
    state: z.enum(meetingStates),
    startVersion: z.int(),
    startAt: instant,
    endAt: instant,
    doorOpensAt: instant,
    doorClosesAt: instant,
    patientId: id,
    participants: z.array(
      z.object({
        participantId: id,
        role: z.enum(participantRoles),
        personId: id.nullable(),
        staffId: z.string().nullable(),
      }),
    ),
    formIds: z.array(id),
    gates: z.object({ consentGiven: z.boolean(), formsMissing: z.array(id) }),
    waitingFor: z.array(
      z.object({ what: z.string(), until: instant.nullable(), notice: z.enum(noticeKinds).optional() }),
    ),
    outcome: z
      .object({
        outcome: z.enum(outcomes),
        decidedBy: z.enum(['evidence', 'staff', 'cancellation']),
        because: z.array(z.string()),
      })
      .nullable(),
    terms: z.object({
      agreed: z.boolean(),
      toldOfFee: z.boolean(),
      correspondsToVisit: z.boolean(),
      feeCode: z.string(),
      noticeHours: z.int(),
      interpreterNeeded: z.boolean(),
      graceMinutes: z.int(),
      doorOpensMinutesBefore: z.int(),
      overrunMinutes: z.int(),
      rulesVersion: z.string(),
    }),
    suitability: suitability
      .nullable()
      .meta({ description: 'Null for a meeting booked before it was asked' }),
    reference: z.string().nullable().meta({ description: 'Your own reference to the visit' }),
    bookedBy: z.string(),
    bookedAt: instant,
  })
  .meta({ id: 'Meeting' });

export const meetingsAnswer = z.object({
  items: z.array(meetingAnswer),
  next: z.string().nullable().meta({ description: 'Give it as cursor for the next page; null on the last' }),
});

export const timelineAnswer = z.object({
  meetingId: id,
  happenings: z.array(
    z.object({
      at: instant,
      what: z.string(),
      startVersion: z.int(),
      detail: z.string().nullable(),
    }),
  ),
  notices: z.array(
    z.object({
      kind: z.enum(noticeKinds),
      startVersion: z.int(),
      dueAt: instant,
      lastUsefulAt: instant,
      state: z.enum(['planned', 'under-way', 'done', 'skipped', 'dropped']),
      skip: z.string().nullable(),
    }),
  ),
  deliveries: z.array(
    z.object({
      kind: z.enum(noticeKinds),
      startVersion: z.int(),
      participantId: id,
      state: z.enum(deliveryStates),
      reason: z.string().nullable(),
      history: z.array(
        z.object({ at: instant, state: z.enum(deliveryStates), reason: z.string().nullable() }),
      ),
    }),
  ),
});

export const entryAnswer = z
  .discriminatedUnion('admitted', [
    z.object({
      admitted: z.literal(true),
      room: z.object({
        url: z.url(),
        token: z.string().meta({ description: 'Personal, for this room only, and short-lived' }),
        expiresAt: instant,
      }),
      support: z.object({ supportPhone: z.string(), clinicPhone: z.string() }),
    }),
    z.object({
      admitted: z.literal(false),
      reasons: z.array(z.enum(entryRefusals)),
      message: z.string().meta({ description: 'For the person at the door' }),
      opensAt: instant.nullable(),
      support: z.object({ supportPhone: z.string(), clinicPhone: z.string() }),
    }),
  ])
  .meta({ id: 'Entry' });

export const feeProposalsAnswer = z.object({
  items: z.array(
    z.object({
      startVersion: z.int(),
      cause: z.string(),
      state: z.enum(['proposed', 'nothing-to-charge']),
      kind: z.enum(['visit-fee', 'missed-visit-fee', 'none']),
      feeCode: z.string(),
      amountOre: z
        .int()
        .nullable()
        .meta({ description: 'Null where the fee table has no amount for the day' }),
      currency: z.literal('SEK'),
      payer: z.enum(['patient', 'guardian', 'staff-decides']).nullable(),
      needsApproval: z.boolean(),
      because: z.array(z.object({ rule: z.string(), reason: z.string() })),
      proposedAt: instant,
    }),
  ),
});

export const auditAnswer = z.object({
  items: z.array(
    z.object({
      at: instant,
      staffId: z.string(),
      role: z.string(),
      operation: z.string(),
      subjectId: id.nullable(),
      reason: z.string().nullable(),
      allowed: z.boolean(),
    }),
  ),
});
