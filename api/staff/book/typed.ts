import { z } from 'zod';
import { startProblems } from '../../../use-cases/meeting/stated-times';
import { fieldProblems, withInput } from '../../problems';
import type { ParticipantRole } from '../../../rules/meeting';
import type { Instant } from '../../../rules/instant';
import {
  questionsAsked,
  suitabilityProblems,
  suitabilityQuestions,
  type Suitability,
  type SuitabilityQuestion,
} from '../../../rules/suitability';
import { isBlank, plain } from '../../../rules/typed';
import type { FieldProblem } from '../../../use-cases/command';
import { bookMeetingBody, type BookMeeting } from '../../../use-cases/meeting/bodies';
import type { TypedDate } from '../../frame/fields';
import {
  severalOf,
  ticked,
  typedClock,
  typedInstant,
  typedNumber,
  typedText,
  type TimeProblem,
  type TypedTime,
} from '../frame/typed';

/** Those who can be added to a booking beside patient and staff. */
export const addedRoles = [
  'guardian',
  'relative',
  'interpreter',
  'guest',
] as const satisfies ParticipantRole[];
export type AddedRole = (typeof addedRoles)[number];
/** Those who can be invited without anybody knowing yet who it is (R4.2). */
export const invitedRoles: readonly AddedRole[] = ['interpreter', 'guest'];

/** The name of a question's field. */
export const suitsField = (question: SuitabilityQuestion): `suits.${SuitabilityQuestion}` =>
  `suits.${question}`;
const yesNo = z.enum(['', 'yes', 'no']).default('');
const suits = Object.fromEntries(
  suitabilityQuestions.map((question) => [suitsField(question), yesNo]),
) as Record<`suits.${SuitabilityQuestion}`, typeof yesNo>;

/** Of a person, by the opaque id. */
const personId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
/** Somebody who takes part: the role, and the person's id or an invitation's number. */
const addedPart = /^(guardian|relative|interpreter|guest):([A-Za-z0-9_-]{22}|\d{1,2})$/;

/** More than take part in any meeting: a page of ours sends no more, and the command refuses 21. */
const MOST_ADDED = 40;

/** The form of a booking, as it was typed. */
const typedBooking = z.object({
  person: personId,
  'date.year': typedText,
  'date.month': typedText,
  'date.day': typedText,
  clock: typedText,
  which: z.enum(['', 'first', 'second']).default(''),
  duration: typedText,
  feeCode: typedText,
  correspondsToVisit: ticked,
  /** References of staff: those who were added, and the one chosen in the list. */
  staff: severalOf(z.string().max(64), MOST_ADDED),
  addStaff: typedText,
  people: severalOf(z.string().regex(addedPart), MOST_ADDED),
  addRole: z.enum(['', ...addedRoles]).default(''),
  addNumber: typedText,
  forms: severalOf(personId, 10),
  disability: ticked,
  ...suits,
  agreed: ticked,
  toldOfFee: ticked,
  interpreterNeeded: ticked,
  reference: typedText,
  noticeHours: typedText,
  sms: z.enum(['', 'asked', '1177', 'no']).default(''),
});
export type TypedBooking = z.infer<typeof typedBooking>;

/**
 * A posted booking, with the people in it as the log names them.
 *
 * `do`: `add-staff` only adds whom the list of staff has chosen.
 */
export const bookingBody = typedBooking
  .extend({ do: z.enum(['check', 'add-staff']).default('check') })
  .transform(({ do: act, ...typed }) => ({
    act,
    typed,
    patientId: typed.person,
    participants: peopleIn(typed),
  }));
export type PostedBooking = z.infer<typeof bookingBody>;

/**
 * The form as it is opened: half an hour, which is a visit.
 *
 * @param known what the page knows already
 */
export const emptyBooking = (
  person: string,
  known: Pick<TypedBooking, 'staff' | 'feeCode'>,
): TypedBooking => ({
  ...typedBooking.parse({ person }),
  duration: '30',
  correspondsToVisit: true,
  ...known,
});

/** Somebody who was added; `personId` is null for an invitation without an identity. */
export interface AddedPerson {
  value: string;
  role: AddedRole;
  personId: string | null;
}

/** Those who were added beside patient and staff. */
export const peopleIn = ({ people }: Pick<TypedBooking, 'people'>): AddedPerson[] =>
  [...new Set(people)].map((value) => {
    const [, role, of = ''] = addedPart.exec(value) ?? [];
    return { value, role: role as AddedRole, personId: of.length === 22 ? of : null };
  });

/** Staff who take part: those who were added, and whom the list has chosen. */
export const staffIn = ({ staff, addStaff }: Pick<TypedBooking, 'staff' | 'addStaff'>): string[] => [
  ...new Set([...staff, addStaff].filter((staffId) => staffId !== '')),
];

/** Adds somebody; the next free number where it is an invitation without an identity. */
export function withPerson(typed: TypedBooking, role: AddedRole, personId: string | null): TypedBooking {
  const numbers = Array.from({ length: MOST_ADDED + 1 }, (_, index) => String(index + 1));
  const free = numbers.find((number) => !typed.people.includes(`${role}:${number}`));
  const value = `${role}:${personId ?? free}`;
  return { ...typed, people: [...typed.people, value], addRole: '', addNumber: '' };
}

/** The day and the clock time as they were typed. */
export const timeIn = (typed: TypedBooking): TypedTime => ({
  date: dateIn(typed),
  clock: typed.clock,
  which: typed.which,
});

/** The date's three fields. */
export const dateIn = (typed: TypedBooking): TypedDate => ({
  year: typed['date.year'],
  month: typed['date.month'],
  day: typed['date.day'],
});

/** The instant that was typed; null where none was. */
export function startIn(typed: TypedBooking): Instant | null {
  const time = typedInstant(timeIn(typed));
  return 'at' in time ? time.at : null;
}

/** The fields of the form by their ids on the page, in their order. */
export const bookingFields = [
  'date',
  'clock',
  'which',
  'duration',
  'feeCode',
  'addStaff',
  'people',
  'addRole',
  'addNumber',
  'forms',
  'disability',
  ...suitabilityQuestions.map(suitsField),
  'reference',
  'noticeHours',
] as const;
export type BookingField = (typeof bookingFields)[number];

/** What is wrong at a field, in machine words; the page has them in its own. */
export type BookingProblem =
  | TimeProblem
  | 'in-the-past'
  | 'too-far-ahead'
  | 'missing'
  | 'wrong'
  | 'no-staff'
  | 'no-interpreter'
  | 'person-twice'
  | 'guardian-stopped'
  | 'unknown'
  | 'answer-missing'
  | 'not-suitable'
  | 'no-role'
  | 'no-number'
  | 'number'
  | 'not-here'
  | 'not-added'
  | 'too-many';
export type BookingProblems = Partial<Record<BookingField, BookingProblem>>;

/**
 * What was typed as the command's body, by the command's own schema; or what is wrong at which field.
 *
 * @param isChild the patient is under 18 at the start; now, where no start was typed
 * @param receivedAt what the start is held against; null for a form whose start was judged before
 */
export function bookingOf(
  typed: TypedBooking,
  {
    assessedBy,
    isChild,
    receivedAt,
  }: { assessedBy: string; isChild: (startAt: Instant | null) => boolean; receivedAt: Date | null },
): { body: BookMeeting } | { problems: BookingProblems } {
  const time = typedInstant(timeIn(typed));
  const startAt = 'at' in time ? time.at : undefined;
  const child = isChild(startAt ?? null);
  const disability = child && typed.disability;
  // A question that is not asked of this patient has no answer to keep.
  const answers = Object.fromEntries(
    questionsAsked(child, disability).flatMap((question) => {
      const answer = typed[suitsField(question)];
      return answer === '' ? [] : [[question, answer === 'yes']];
    }),
  );
  const suitability: Suitability = { assessedBy, disability, answers };
  const read = bookMeetingBody.safeParse(
    {
      startAt,
      durationMinutes: typedNumber(typed.duration),
      patientId: typed.person,
      participants: [
        ...staffIn(typed).map((staffId) => ({ role: 'staff', staffId })),
        ...peopleIn(typed).map(({ role, personId: of }) => ({ role, personId: of })),
      ],
      formIds: [...new Set(typed.forms)],
      agreed: typed.agreed,
      toldOfFee: typed.toldOfFee,
      correspondsToVisit: typed.correspondsToVisit,
      feeCode: typed.feeCode,
      noticeHours: isBlank(typed.noticeHours) ? null : typedNumber(typed.noticeHours),
      interpreterNeeded: typed.interpreterNeeded,
      reference: isBlank(typed.reference) ? null : plain(typed.reference),
      suitability,
    },
    withInput,
  );
  const errors = read.success ? [] : fieldProblems('body', read.error);
  const wrong: BookingProblems = {
    // That there is no start is told by what was typed of it.
    ...problemsAt(
      errors.filter(({ field }) => startAt !== undefined || field !== '/body/startAt'),
      typed,
    ),
    ...('problem' in time ? timeProblems(time.problem, typed) : {}),
    ...problemsAt(
      startAt === undefined || receivedAt === null ? [] : startProblems(startAt, receivedAt),
      typed,
    ),
  };
  // Whoever was chosen and not added would be left out unseen.
  if (typed.addRole !== '' || !isBlank(typed.addNumber)) wrong.addRole = 'not-added';
  if (read.success && Object.keys(wrong).length === 0) return { body: read.data };
  // The command answers the same of the assessment, and would do so after all else is right.
  const unsuitable = suitabilityProblems(suitability, child).map(({ question, reason }) => [
    suitsField(question),
    reason,
  ]);
  return { problems: { ...(Object.fromEntries(unsuitable) as BookingProblems), ...wrong } };
}

/** Day and clock time are typed apart, and can both be wrong. */
function timeProblems(problem: TimeProblem, { clock }: TypedBooking): BookingProblems {
  switch (problem) {
    case 'no-date':
      return { date: problem, ...(typedClock(clock) === null ? { clock: 'no-clock' } : {}) };
    case 'twice':
      return { which: problem };
    case 'no-clock':
    case 'skipped':
      return { clock: problem };
  }
}

/** The problems of the command, or of its schema, at the form's fields. */
export function problemsAt(errors: FieldProblem[], typed: TypedBooking): BookingProblems {
  return Object.fromEntries(errors.map((each) => problemAt(each, typed)));
}

function problemAt({ field, reason }: FieldProblem, typed: TypedBooking): [BookingField, BookingProblem] {
  const [, , name = '', at, question = ''] = field.split('/');
  switch (name) {
    case 'startAt':
      return ['date', reason === 'in-the-past' || reason === 'too-far-ahead' ? reason : 'no-date'];
    case 'durationMinutes':
      return ['duration', 'wrong'];
    case 'feeCode':
      return ['feeCode', reason === 'unknown-fee-code' ? 'unknown' : 'missing'];
    case 'participants':
      if (staffIn(typed).length === 0) return ['addStaff', 'no-staff'];
      if (reason === 'person-twice' || reason === 'guardian-stopped') return ['people', reason];
      if (reason === 'unknown-person') return ['people', 'unknown'];
      if (reason === 'too-big') return ['people', 'too-many'];
      return at === undefined ? ['people', 'no-interpreter'] : ['addStaff', 'unknown'];
    case 'formIds':
      return ['forms', 'unknown'];
    case 'noticeHours':
      return ['noticeHours', 'wrong'];
    case 'suitability':
      return isQuestion(question)
        ? [suitsField(question), reason === 'not-suitable' ? reason : 'answer-missing']
        : ['disability', 'wrong'];
    default:
      return ['reference', 'wrong'];
  }
}

const isQuestion = (text: string): text is SuitabilityQuestion =>
  (suitabilityQuestions as readonly string[]).includes(text);
