import { z } from 'zod';
import { deviceResults } from '../../rules/device-test';
import { entryRefusals } from '../../rules/gates';
import { backUpWays, meetingStates, outcomes, participantRoles, takeOverReasons } from '../../rules/meeting';
import { languages, noticeKinds } from '../../rules/notices';
import { deliveryStates } from '../../rules/ledger';
import { readinessPoints } from '../../rules/readiness';
import { claimStates } from '../../records/claims';
import { actorKinds } from '../../records/audit';
import { alternatives } from '../../use-cases/invoice/costs';
import { correctionReasons } from '../../records/meetings';
import { causes } from '../../use-cases/invoice/view';
import { channels } from '../../rules/consents';
import { invoiceStandings, invoiceStates } from '../../rules/invoice';
import { taskKinds, taskStates } from '../../rules/tasks';
import { settingsBody } from '../../use-cases/clinic/bodies';
import { feeRow } from '../../use-cases/invoice/bodies';
import { suitability } from '../../use-cases/meeting/bodies';
import { staffMemberBody } from '../../use-cases/staff/bodies';

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

export const staffMemberAnswer = staffMemberBody
  .extend({ memberId: id, shownName: z.string() })
  .meta({ id: 'StaffMember' });
export const staffAnswer = z.object({ items: z.array(staffMemberAnswer) });

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

const MORE = 'Absent for one who sees status and contact only (R8.1)';
const PROTECTED = 'Null, of a person with protected data, for one who sees status and contact only (R8.8)';

const consentBase = { given: z.boolean(), recordedBy: z.string(), recordedAt: instant };
export const personAnswer = z
  .object({
    personId: id,
    name: z.string().nullable().meta({ description: PROTECTED }),
    personalNumber: z
      .string()
      .nullable()
      .meta({ description: `Null where none is known. ${PROTECTED}` }),
    identityKind: z.enum(['personal-number', 'co-ordination-number', 'reserve-number']).nullable(),
    birthDate: z.iso.date().nullable().meta({ description: PROTECTED }),
    mobile: z
      .string()
      .nullable()
      .meta({ description: `Null where none is known. ${PROTECTED}` }),
    email: z
      .string()
      .nullable()
      .meta({ description: `Null where none is known. ${PROTECTED}` }),
    language: z.enum(languages),
    noticesBy: z.enum(channels),
    unsuitableWays: z.array(z.enum(backUpWays)),
    protectedIdentity: z.boolean(),
    smsConsent: z.object({ ...consentBase, source: z.enum(['asked', '1177']) }).nullable(),
    careHistoryConsent: z.object({ ...consentBase, givenBy: z.enum(['person', 'guardian']) }).nullable(),
    guardianStops: z
      .array(
        z.object({
          guardianId: id,
          since: instant,
          by: z.string(),
          liftedAt: instant.nullable().meta({ description: 'Null while it holds' }),
          liftedBy: z.string().nullable(),
        }),
      )
      .meta({ description: 'Guardians whom staff have stopped from acting for this person (R7.3)' }),
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

/** What the clinic may not have meant; nothing is refused for it. */
const warnings = z
  .array(
    z.object({
      warning: z.literal('same-time').meta({ description: 'The patient has another meeting at this time' }),
      meetingId: id.meta({ description: 'The other one' }),
      startAt: instant,
      endAt: instant,
    }),
  )
  .meta({ description: 'What you may not have meant; empty where there is nothing' });

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
        decidedBy: z.enum(['evidence', 'staff', 'cancellation', 'correction']),
        because: z.array(z.string()).optional().meta({ description: MORE }),
        way: z.enum(backUpWays).nullable(),
      })
      .nullable(),
    corrections: z.array(
      z.object({
        number: z.int(),
        outcome: z.enum(outcomes),
        way: z.enum(backUpWays).nullable(),
        was: z.enum(outcomes),
        by: z.string(),
        at: instant,
        reason: z.enum(correctionReasons).optional().meta({ description: MORE }),
      }),
    ),
    deviceTests: z
      .array(
        z.object({
          participantId: id,
          camera: z.enum(deviceResults),
          microphone: z.enum(deviceResults),
          sound: z.enum(deviceResults),
          testedAt: instant,
        }),
      )
      .meta({
        description:
          'What the last device test came to, of each who made one on their own page (R4.5). A test of before the ' +
          'meeting was moved stays.',
      }),
    takeOvers: z
      .array(
        z.object({
          participantId: id,
          from: z.string(),
          to: z.string(),
          reason: z.enum(takeOverReasons),
          by: z.string(),
          at: instant,
        }),
      )
      .meta({ description: 'Each time that one member of staff took the place of another (R1.7)' }),
    clinicReady: z.boolean().meta({ description: 'Staff have confirmed what R4.7 asks for' }),
    registration: z
      .object({ state: z.enum(['waiting', 'registered', 'not-needed', 'given-up']), reminders: z.int() })
      .nullable()
      .meta({ description: 'Of the visit, in PAS and journal (R5.11)' }),
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
    reference: z.string().nullable().meta({ description: 'Your own reference to the visit' }),
    bookedBy: z.string(),
    bookedAt: instant,
  })
  .meta({ id: 'Meeting' });

export const claimsAnswer = z.object({
  items: z.array(
    z.object({
      claimId: id,
      participantId: id,
      role: z.enum(participantRoles).nullable(),
      state: z.enum(claimStates).exclude(['arrived']),
      name: z
        .string()
        .nullable()
        .meta({ description: 'As the e-identification says; told while you are asked' }),
      personalNumber: z.string().nullable(),
      askedAt: instant.nullable(),
      decidedBy: z.string().nullable(),
      decidedAt: instant.nullable(),
    }),
  ),
});
export const linkAnswer = z.object({
  participantId: id,
  link: z.url().meta({ description: 'Leads to the login, and opens nothing by itself (R2.3)' }),
});

export const offeredTimesAnswer = z.object({ meetingId: id, startAts: z.array(instant) });

export const suitabilityAnswer = suitability;

export const meetingsAnswer = z.object({
  items: z.array(meetingAnswer),
  next: z.string().nullable().meta({ description: 'Give it as cursor for the next page; null on the last' }),
  nextChangedSince: instant.optional().meta({
    description: 'On the first page of what has changed alone: give it as changedSince next time',
  }),
});

/** A meeting as it was booked or moved, and what to look at. */
export const changedMeetingAnswer = meetingAnswer.extend({ warnings }).meta({ id: 'ChangedMeeting' });

export const timelineAnswer = z.object({
  meetingId: id,
  complete: z.boolean().meta({
    description: 'False for one who sees status and contact only (R8.1): evidence and refusals are left out',
  }),
  happenings: z.array(
    z.object({
      at: instant,
      what: z.string(),
      startVersion: z.int(),
      detail: z.string().nullable(),
      points: z
        .array(z.enum(readinessPoints))
        .optional()
        .meta({ description: 'Of a room that staff confirmed before it opened: what they confirmed (R4.7)' }),
      inRoom: z.string().nullable().optional().meta({ description: 'How they call the room' }),
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
      channel: z.enum(channels).nullable(),
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
      way: z
        .enum(backUpWays)
        .optional()
        .meta({ description: 'How the meeting goes on, where it does by the back-up routine (R4.6)' }),
      support: z.object({ supportPhone: z.string(), clinicPhone: z.string() }),
    }),
  ])
  .meta({ id: 'Entry' });

/** What is charged, to whom, and by which rules. */
const fee = {
  kind: z.enum(['visit-fee', 'missed-visit-fee', 'none']),
  feeCode: z.string(),
  amountOre: z.int().nullable().meta({ description: 'Null where the fee table has no amount for the day' }),
  currency: z.literal('SEK'),
  payer: z.enum(['patient', 'guardian', 'staff-decides']).nullable(),
  needsApproval: z.boolean(),
  because: z.array(z.object({ rule: z.string(), reason: z.string() })),
};

/** One invoice, or the finding that nothing is charged. */
const invoice = {
  invoiceId: id,
  meetingId: id,
  startVersion: z.int(),
  state: z.enum(invoiceStates),
  cause: z.enum(causes),
  ...fee,
  proposedAt: instant,
  letThroughAt: instant
    .nullable()
    .meta({ description: 'When it goes out; null where staff must approve it (R5.7)' }),
  objected: z.boolean(),
  handedOverAt: instant.nullable(),
  steps: z.array(
    z.object({
      at: instant,
      what: z.string(),
      reason: z.string().nullable(),
      by: z.string().nullable().meta({ description: 'The member of staff who decided' }),
    }),
  ),
};
export const invoicesAnswer = z.object({ items: z.array(z.object(invoice).meta({ id: 'Invoice' })) });
export const invoiceListAnswer = z.object({
  items: z.array(
    z.object({ ...invoice, patientId: id, standing: z.enum(invoiceStandings) }).meta({ id: 'ListedInvoice' }),
  ),
  next: z.string().nullable(),
});

export const costsAnswer = z.object({
  meetingId: id,
  at: instant,
  items: z.array(
    z.object({
      if: z.enum(alternatives),
      ...fee,
    }),
  ),
});

export const taskAnswer = z
  .object({
    taskId: id,
    meetingId: id.nullable().meta({ description: 'Null where it is about a case, or a person alone' }),
    caseId: id.nullable().meta({ description: 'Null where it is about a meeting, or a person alone' }),
    patientId: id,
    invoiceId: id.nullable(),
    kind: z.enum(taskKinds),
    state: z.enum(taskStates),
    because: z
      .array(z.string())
      .optional()
      .meta({ description: `Where it is evidence of who came: ${MORE.toLowerCase()}` }),
    openedAt: instant,
    dueAt: instant,
    reminders: z.int(),
    overdue: z.boolean(),
    assignedTo: z.string().nullable(),
    doneBy: z.string().nullable(),
    doneAt: instant.nullable(),
    result: z.string().nullable(),
  })
  .meta({ id: 'Task' });
export const tasksAnswer = z.object({ items: z.array(taskAnswer), next: z.string().nullable() });

/** A file: what the OpenAPI document says of it is its kind. */
export const csvAnswer = z.string().meta({ description: 'A file; its columns: docs/billing-file.md' });

export const auditAnswer = z.object({
  items: z.array(
    z.object({
      at: instant,
      actor: z
        .enum(actorKinds)
        .meta({ description: 'Staff, a person who has logged in, or a stranger who tried' }),
      staffId: z.string().nullable(),
      role: z.string().nullable(),
      actorId: z.string().nullable().meta({ description: 'A person’s id; of a stranger a keyed hash' }),
      loggedIn: z.boolean().meta({
        description: 'Staff who logged in themselves; false where your system named them (R8.7)',
      }),
      operation: z.string(),
      subjectId: id.nullable(),
      reason: z.string().nullable(),
      allowed: z.boolean(),
    }),
  ),
});
