import { z } from 'zod';
import { correctionReasons } from '../../records/meetings';
import type { Instant } from '../../rules/instant';
import {
  backUpWays,
  changers,
  outcomes,
  outcomesByStaff,
  takeOverReasons,
  type BackUpWay,
  type Outcome,
} from '../../rules/meeting';
import { holdsIdentity } from '../../rules/personal-number';
import { suitabilityQuestions, type SuitabilityQuestion } from '../../rules/suitability';
import {
  feeCode,
  id,
  instant,
  isEachOnce,
  line,
  minutes,
  NO_PERSONAL_NUMBER,
  reference,
  staffId,
} from '../fields';

/** Bodies of commands about meetings. A schema checks one, documents it and gives its type. */

const durationMinutes = minutes(1, 480);
const bookedParticipant = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('staff'), staffId }).transform((each) => ({ ...each, personId: null })),
  z
    .strictObject({ role: z.enum(['guardian', 'relative']), personId: id })
    .transform((each) => ({ ...each, staffId: null })),
  z
    .strictObject({ role: z.enum(['interpreter', 'guest']), personId: id.nullable().default(null) })
    .transform((each) => ({ ...each, staffId: null })),
]);

const suitabilityAnswers = Object.fromEntries(
  suitabilityQuestions.map((question) => [question, z.boolean().optional()]),
) as Record<SuitabilityQuestion, z.ZodOptional<z.ZodBoolean>>;
export const suitability = z
  .strictObject({
    assessedBy: staffId,
    disability: z.boolean().meta({ description: 'The patient is a child with a disability' }),
    answers: z.strictObject(suitabilityAnswers),
  })
  .meta({
    description:
      'Why a digital meeting suits (R1.2); one no refuses the booking. Asked are the first four, for a child under 18 at the ' +
      'meeting also the next three, for a child with a disability all.',
  });

export const bookMeetingBody = z
  .strictObject({
    startAt: instant,
    durationMinutes,
    patientId: id,
    participants: z
      .array(bookedParticipant)
      .max(20)
      .refine((all) => all.some((each) => each.role === 'staff'), 'must have at least one staff')
      .refine(
        (all) => isEachOnce(all.flatMap((each) => each.staffId ?? [])),
        'must have each member of staff once',
      ),
    formIds: z.array(id).max(10).refine(isEachOnce, 'must have each form once').default([]),
    agreed: z.boolean().meta({ description: 'The time was agreed with the patient (R1.1)' }),
    toldOfFee: z.boolean().meta({ description: 'The patient was told what a missed visit costs (R1.1)' }),
    correspondsToVisit: z.boolean().default(true),
    feeCode,
    noticeHours: z
      .int()
      .min(0)
      .max(24 * 14)
      .nullable()
      .default(null)
      .meta({ description: 'Cancellation notice if the kallelse says another than the clinic’s (R5.3)' }),
    interpreterNeeded: z
      .boolean()
      .default(false)
      .meta({ description: 'Then an interpreter must be among the participants, named or not' }),
    reference: reference.nullable().default(null).meta({
      description: 'Your own reference to the visit, handed back as it is; never a personal number',
    }),
    suitability,
  })
  .refine(
    ({ interpreterNeeded, participants }) =>
      !interpreterNeeded || participants.some(({ role }) => role === 'interpreter'),
    { path: ['participants'], message: 'must have an interpreter where one is needed' },
  );
/** A meeting to be booked (R1.1). */
export type BookMeeting = z.infer<typeof bookMeetingBody>;

/** Of a patient's command: the start version that the page has shown. */
interface ForShownTime {
  /** Absent for whatever time the meeting has when this is carried out. */
  forStartVersion?: number;
}

export const rebookMeetingBody = z.strictObject({
  startAt: instant,
  durationMinutes: durationMinutes.nullable().default(null),
  by: z.enum(changers),
  receivedAt: instant.nullable().default(null),
  agreed: z.boolean().nullable().default(null).meta({
    description:
      'The new time was agreed with the patient (R1.1): if not said, yes when by the patient, no when by the clinic',
  }),
});
/** Another time (R1.5); `agreed` is null for what follows from who asks. */
export type RebookMeeting = z.infer<typeof rebookMeetingBody> & ForShownTime;

export const offerTimesBody = z.strictObject({
  startAts: z
    .array(instant)
    .max(20)
    .refine(isEachOnce, 'must have each time once')
    .meta({ description: 'Held free for this meeting until you take them back; none takes them back' }),
});
/** Times that the clinic holds free for a meeting’s patient (R1.6). */
export type OfferTimes = z.infer<typeof offerTimesBody>;

/** One of the times that the clinic offers; only patients choose, on their page (R1.6). */
export interface ChooseOfferedTime {
  startAt: Instant;
  /** The time that the patient was shown. */
  forStartVersion: number;
}

export const cancelMeetingBody = z.strictObject({
  by: z.enum(changers),
  receivedAt: instant
    .nullable()
    .default(null)
    .meta({ description: 'When a cancellation by telephone was received, as staff state it (R1.5, R5.3)' }),
});
/** Who cancels, and when it was received (R1.5, R5.3). */
export type CancelMeeting = z.infer<typeof cancelMeetingBody> & ForShownTime;

const way = z
  .enum(backUpWays)
  .nullable()
  .default(null)
  .meta({ description: 'For the back-up routine: how the meeting goes on, as it suits the person (R4.6)' });
const isWayOfBackUp = ({ outcome, way }: { outcome: Outcome; way: BackUpWay | null }): boolean =>
  (outcome === 'back-up-routine') === (way !== null);
const wrongWay = { path: ['way'], message: 'is given for the back-up routine, and for nothing else' };

export const stateOutcomeBody = z
  .strictObject({ outcome: z.enum(outcomesByStaff), way })
  .refine(isWayOfBackUp, wrongWay);
/** What a meeting came to (R5.1). */
export type StateOutcome = z.infer<typeof stateOutcomeBody>;

export const correctOutcomeBody = z
  .strictObject({
    outcome: z.enum(outcomes).exclude(['unclear']),
    way,
    was: z.enum(outcomes).meta({ description: 'The outcome as you read it; another one by now is refused' }),
    reason: z.enum(correctionReasons),
  })
  .refine(isWayOfBackUp, wrongWay);
/** What it came to after all, and what the corrector saw: another one by now is looked at again first. */
export type CorrectOutcome = z.infer<typeof correctOutcomeBody>;

export const takeOverMeetingBody = z.strictObject({
  from: staffId.meta({ description: 'Who has it, as you read it: somebody else by now is refused' }),
  to: staffId.meta({ description: 'Who has it from now' }),
  reason: z.enum(takeOverReasons),
});
/** One member of staff takes the place of another (R1.7). */
export type TakeOverMeeting = z.infer<typeof takeOverMeetingBody>;

/** How staff call the room that they sit in; it stands in the meeting's timeline. */
export const roomName = line(60).refine((text) => !holdsIdentity(text), NO_PERSONAL_NUMBER);

const confirmed = z.literal(true, 'must be true: what does not hold cannot be confirmed');
export const confirmReadinessBody = z.discriminatedUnion('moment', [
  z.strictObject({
    moment: z.literal('before-opening'),
    room: confirmed.meta({ description: 'Nobody else hears or sees' }),
    background: confirmed,
    clothing: confirmed,
    nameBadge: confirmed.meta({ description: 'With title, and seen' }),
    faceLit: confirmed.optional(),
    upperBody: confirmed.optional().meta({ description: 'The camera shows the upper body' }),
    markedOccupied: confirmed.optional().meta({ description: 'The room is marked as occupied' }),
    closedDoor: confirmed.optional().meta({ description: 'At a distance: alone behind a closed door' }),
    inRoom: roomName.nullable().default(null).meta({
      description: 'How you call the room; kept with what was confirmed. Never a name of a patient',
    }),
  }),
  z.strictObject({
    moment: z.literal('at-start'),
    allPresentAreEntitled: confirmed.meta({ description: 'On and off camera' }),
  }),
]);
/** What staff confirm before the door opens, and at the start (R4.7). */
export type ConfirmReadiness = z.infer<typeof confirmReadinessBody>;

export const noteTryBody = z.strictObject({
  participantId: id,
  receivedAt: instant.nullable().default(null),
});
/** Somebody of the patient’s side said that they cannot get in (R5.6). */
export type NoteTry = z.infer<typeof noteTryBody>;
