import type { FeeKind, Payer } from '../../rules/fee';
import type { Outcome } from '../../rules/meeting';

/**
 * The decision table of rules 5, as somebody from the field would write it: what a meeting came to, what it
 * costs, who pays and who must approve. It is written from the rules and calls nothing of the code;
 * decision-table.test.ts walks every combination of the facts through both and compares.
 *
 * In each table the first row that fits decides.
 */

/** Every fact that a decision can depend on, with all that it can be. */
export const facts = {
  /** Who acted before the meeting. */
  acted: ['nobody', 'patient-cancels', 'patient-moves', 'clinic-cancels', 'staff-choose-the-back-up-routine'],
  /** When the wish to cancel or move was received. */
  received: ['days-before', 'exactly-at-the-notice', 'a-millisecond-later', 'just-before-the-start'],
  /** The cancellation notice of this meeting, in hours. */
  cancellationNoticeHours: [24, 48],

  /** Where the clinic's staff were: `waited` is from the start until the grace time ends. */
  clinic: ['waited', 'not-throughout', 'never-seen'],
  /** Who else was seen in the room, and whether the clinic was there just then. */
  came: [
    'nobody',
    'only-relatives-interpreters-and-guests',
    'patient-while-the-clinic-was-there',
    'patient-at-another-time',
    'guardian-while-the-clinic-was-there',
    'guardian-at-another-time',
  ],
  /** Refused entries, logins and calls of the patient's side that they cannot get in. */
  tried: ['no', 'yes'],
  /** Whose presence may be missing from the evidence: let in, and never reported in the room. */
  lost: ['nothing', 'of-the-clinic', 'of-the-patient', 'of-both'],
  /** A notice of this time reached the patient, or staff did. */
  reached: ['yes', 'no'],
  interpreter: ['not-needed', 'came', 'never-came'],

  /** The patient's answer to the clinic seeing care history. */
  consent: ['given', 'missing', 'refused'],
  form: ['filled-in', 'missing'],

  agreed: ['yes', 'no'],
  /** The patient was told what a missed visit costs. */
  told: ['yes', 'no'],
  correspondsToVisit: ['yes', 'no'],
  timeSet: ['with-notice', 'inside-the-notice-by-the-clinic', 'inside-the-notice-by-the-patient'],
  age: [12, 13, 17, 18, 84, 85],
  protectedIdentity: ['no', 'yes'],
} as const;

export type Facts = { -readonly [Fact in keyof typeof facts]: (typeof facts)[Fact][number] };

/** Of one case only those facts are there that can be: no evidence of a meeting that was cancelled. */
export type Case = Partial<Facts>;

/** What a time of a meeting came to; a patient may also move it. */
export type CameTo = Outcome | 'moved-in-time' | 'rebooked-late';

/** Ages from and up to and including. */
interface Ages {
  from: number;
  to: number;
}
const ages = (from: number, to: number): Ages => ({ from, to });

type OneOf<T> = T | readonly T[] | (T extends number ? Ages : never);
/** All of these hold. */
export type When = { [Fact in keyof Facts]?: OneOf<Facts[Fact]> } & {
  cameTo?: OneOf<CameTo>;
  fee?: OneOf<FeeKind>;
};

export interface Row<Then> {
  rule: string;
  says: string;
  when: When;
  then: Then;
}

/** What did it come to? */
export const outcomeTable: Row<CameTo>[] = [
  // --- before the meeting ---
  {
    rule: 'R4.6',
    says: 'technology fails and staff switch to the back-up routine',
    when: { acted: 'staff-choose-the-back-up-routine' },
    then: 'back-up-routine',
  },
  {
    rule: 'R1.5',
    says: 'the clinic cancels, whenever',
    when: { acted: 'clinic-cancels' },
    then: 'cancelled-by-clinic',
  },
  {
    rule: 'R5.3',
    says: 'the patient cancels no later than the notice; exactly then is in time',
    when: { acted: 'patient-cancels', received: ['days-before', 'exactly-at-the-notice'] },
    then: 'cancelled-in-time',
  },
  {
    rule: 'R5.3',
    says: 'the patient cancels later than the notice, be it by a millisecond',
    when: { acted: 'patient-cancels' },
    then: 'cancelled-late',
  },
  {
    rule: 'R1.5',
    says: 'the patient moves the time no later than the notice',
    when: { acted: 'patient-moves', received: ['days-before', 'exactly-at-the-notice'] },
    then: 'moved-in-time',
  },
  {
    rule: 'R1.5',
    says: 'the patient moves the time later than the notice: like a late cancellation',
    when: { acted: 'patient-moves' },
    then: 'rebooked-late',
  },

  // --- the patient was there ---
  {
    rule: 'R5.1',
    says: 'they met, but the interpreter who was needed never came: only staff know what it was',
    when: { came: 'patient-while-the-clinic-was-there', interpreter: 'never-came' },
    then: 'unclear',
  },
  {
    rule: 'R5.6',
    says: 'patient and clinic were there at the same time: attended',
    when: { came: 'patient-while-the-clinic-was-there' },
    then: 'completed',
  },
  {
    rule: 'R5.1',
    says: 'up to 12, the guardian met the clinic, but the interpreter never came',
    when: { came: 'guardian-while-the-clinic-was-there', age: ages(0, 12), interpreter: 'never-came' },
    then: 'unclear',
  },
  {
    rule: 'R5.6',
    says: "up to 12 the guardian's presence is the child's: attended",
    when: { came: 'guardian-while-the-clinic-was-there', age: ages(0, 12) },
    then: 'completed',
  },
  {
    rule: 'R5.1',
    says: 'the patient came and the clinic never did',
    when: {
      came: 'patient-at-another-time',
      clinic: 'never-seen',
      lost: ['nothing', 'of-the-patient'],
    },
    then: 'clinic-absent',
  },
  {
    rule: 'R5.1',
    says: 'up to 12, the guardian came and the clinic never did',
    when: {
      came: 'guardian-at-another-time',
      age: ages(0, 12),
      clinic: 'never-seen',
      lost: ['nothing', 'of-the-patient'],
    },
    then: 'clinic-absent',
  },
  {
    rule: 'R5.6',
    says: 'the patient came when the clinic was not, or may not have been, there',
    when: { came: 'patient-at-another-time' },
    then: 'unclear',
  },
  {
    rule: 'R5.6',
    says: 'up to 12, the guardian came when the clinic was not, or may not have been, there',
    when: { came: 'guardian-at-another-time', age: ages(0, 12) },
    then: 'unclear',
  },

  // --- nobody of the patient's side was seen; from 13 a guardian is not the patient's side ---
  {
    rule: 'R5.6',
    says: 'the consent is missing, or the answer was no',
    when: { acted: 'nobody', consent: ['missing', 'refused'] },
    then: 'could-not-start',
  },
  {
    rule: 'R5.6',
    says: 'a form is missing',
    when: { acted: 'nobody', form: 'missing' },
    then: 'could-not-start',
  },
  {
    rule: 'R5.5',
    says: 'the interpreter who was needed never came',
    when: { interpreter: 'never-came' },
    then: 'could-not-start',
  },
  {
    rule: 'R5.5',
    says: 'the clinic never came, and nothing is missing from the evidence',
    when: { clinic: 'never-seen', lost: 'nothing' },
    then: 'clinic-absent',
  },
  {
    rule: 'R5.6',
    says: 'evidence was lost',
    when: { lost: ['of-the-clinic', 'of-the-patient', 'of-both'] },
    then: 'unclear',
  },
  {
    rule: 'R5.6',
    says: 'the clinic did not wait from the start until the grace time ended',
    when: { clinic: 'not-throughout' },
    then: 'unclear',
  },
  { rule: 'R5.6', says: 'the patient tried to come in', when: { tried: 'yes' }, then: 'unclear' },
  { rule: 'R5.6', says: 'no notice reached the patient', when: { reached: 'no' }, then: 'unclear' },
  {
    rule: 'R5.6',
    says: 'the clinic waited, the patient never came, and nothing is in doubt',
    when: { acted: 'nobody' },
    then: 'no-show',
  },
];

const missed: CameTo[] = ['no-show', 'cancelled-late', 'rebooked-late'];

/** What is proposed? */
export const feeTable: Row<FeeKind>[] = [
  {
    rule: 'R5.2',
    says: 'a contact that corresponds to no visit follows its own fee code',
    when: { cameTo: 'completed', correspondsToVisit: 'no' },
    then: 'visit-fee',
  },
  {
    rule: 'R5.2',
    says: 'an agreed meeting costs what a physical visit costs',
    when: { cameTo: 'completed', agreed: 'yes' },
    then: 'visit-fee',
  },
  {
    rule: 'R5.2',
    says: 'a visit whose time was not agreed is not charged',
    when: { cameTo: 'completed' },
    then: 'none',
  },

  { rule: 'R5.5', says: 'missed: not agreed', when: { cameTo: missed, agreed: 'no' }, then: 'none' },
  {
    rule: 'R5.5',
    says: 'missed: not told of the fee',
    when: { cameTo: missed, told: 'no' },
    then: 'none',
  },
  {
    rule: 'R5.5',
    says: 'missed: the clinic set or moved the time inside the notice',
    when: { cameTo: missed, timeSet: 'inside-the-notice-by-the-clinic' },
    then: 'none',
  },
  {
    rule: 'R3.2',
    says: 'missed: a no to the clinic seeing care history never costs',
    when: { cameTo: missed, consent: 'refused' },
    then: 'none',
  },
  {
    rule: 'R5.3',
    says: 'missed: the fee, also where the visit would have been free (R5.4) or the patient chose the late time',
    when: { cameTo: missed },
    then: 'missed-visit-fee',
  },

  { rule: 'R5.3', says: 'cancelled in time', when: { cameTo: 'cancelled-in-time' }, then: 'none' },
  { rule: 'R1.5', says: 'moved in time', when: { cameTo: 'moved-in-time' }, then: 'none' },
  { rule: 'R1.5', says: 'cancelled by the clinic', when: { cameTo: 'cancelled-by-clinic' }, then: 'none' },
  { rule: 'R4.6', says: 'the back-up routine', when: { cameTo: 'back-up-routine' }, then: 'none' },
  { rule: 'R5.5', says: 'the clinic was absent', when: { cameTo: 'clinic-absent' }, then: 'none' },
  { rule: 'R5.5', says: 'it could not start', when: { cameTo: 'could-not-start' }, then: 'none' },
  { rule: 'R5.6', says: 'staff have to decide first', when: { cameTo: 'unclear' }, then: 'none' },
];

/** Who pays, and who must approve? */
export const payerTable: Row<{ payer: Payer | null; approval: 'staff' | 'nobody' }>[] = [
  {
    rule: 'R5.7',
    says: 'nothing is charged',
    when: { fee: 'none' },
    then: { payer: null, approval: 'nobody' },
  },
  {
    rule: 'R5.10',
    says: 'up to 12 the guardian pays, and staff approve',
    when: { age: ages(0, 12) },
    then: { payer: 'guardian', approval: 'staff' },
  },
  {
    rule: 'R5.10',
    says: 'from 13 to 17 staff decide who pays, and approve',
    when: { age: ages(13, 17) },
    then: { payer: 'staff-decides', approval: 'staff' },
  },
  {
    rule: 'R5.7',
    says: 'every missed-visit fee is approved',
    when: { fee: 'missed-visit-fee' },
    then: { payer: 'patient', approval: 'staff' },
  },
  {
    rule: 'R5.7',
    says: 'over 84 it is approved',
    when: { age: ages(85, Infinity) },
    then: { payer: 'patient', approval: 'staff' },
  },
  {
    rule: 'R5.7',
    says: 'with protected identity it is approved',
    when: { protectedIdentity: 'yes' },
    then: { payer: 'patient', approval: 'staff' },
  },
  {
    rule: 'R5.7',
    says: 'other invoices go out by themselves',
    when: { fee: 'visit-fee' },
    then: { payer: 'patient', approval: 'nobody' },
  },
];

/**
 * Where no missed-visit fee is ever proposed, whatever else is the case. `instead` is a fact that makes it so
 * in a case that would otherwise cost.
 */
export const neverTable: { rule: string; says: string; when: When; instead: Case }[] = [
  { rule: 'R5.5', says: 'the time was not agreed', when: { agreed: 'no' }, instead: { agreed: 'no' } },
  {
    rule: 'R5.5',
    says: 'the patient was not told of the fee',
    when: { told: 'no' },
    instead: { told: 'no' },
  },
  {
    rule: 'R5.5',
    says: 'the clinic set or moved the time inside the notice',
    when: { timeSet: 'inside-the-notice-by-the-clinic' },
    instead: { timeSet: 'inside-the-notice-by-the-clinic' },
  },
  {
    rule: 'R5.5',
    says: 'the clinic was absent',
    when: { clinic: 'never-seen' },
    instead: { clinic: 'never-seen' },
  },
  {
    rule: 'R5.5',
    says: 'the clinic was not there throughout',
    when: { clinic: 'not-throughout' },
    instead: { clinic: 'not-throughout' },
  },
  {
    rule: 'R5.5',
    says: "technology failed: the patient's connection was not reported",
    when: { lost: ['of-the-patient', 'of-both'] },
    instead: { lost: 'of-the-patient' },
  },
  {
    rule: 'R5.5',
    says: "technology failed: the clinic's connection was not reported",
    when: { lost: ['of-the-clinic', 'of-both'] },
    instead: { lost: 'of-the-clinic' },
  },
  {
    rule: 'R4.6',
    says: 'technology failed: the back-up routine',
    when: { acted: 'staff-choose-the-back-up-routine' },
    instead: { acted: 'staff-choose-the-back-up-routine' },
  },
  {
    rule: 'R5.5',
    says: 'a form was missing when the meeting should have begun',
    when: { acted: 'nobody', form: 'missing' },
    instead: { form: 'missing' },
  },
  {
    rule: 'R5.5',
    says: 'the consent was missing when the meeting should have begun',
    when: { acted: 'nobody', consent: ['missing', 'refused'] },
    instead: { consent: 'missing' },
  },
  { rule: 'R3.2', says: 'the answer was no', when: { consent: 'refused' }, instead: { consent: 'refused' } },
  {
    rule: 'R5.5',
    says: 'the interpreter was missing',
    when: { interpreter: 'never-came' },
    instead: { interpreter: 'never-came' },
  },
  { rule: 'R5.6', says: 'the patient tried', when: { tried: 'yes' }, instead: { tried: 'yes' } },
  { rule: 'R5.6', says: 'no notice was delivered', when: { reached: 'no' }, instead: { reached: 'no' } },
  {
    rule: 'R5.6',
    says: 'the patient came, whenever',
    when: { came: ['patient-while-the-clinic-was-there', 'patient-at-another-time'] },
    instead: { came: 'patient-at-another-time' },
  },
  {
    rule: 'R5.6',
    says: 'up to 12, the guardian came, whenever',
    when: {
      came: ['guardian-while-the-clinic-was-there', 'guardian-at-another-time'],
      age: ages(0, 12),
    },
    instead: { came: 'guardian-at-another-time', age: 12 },
  },
  {
    rule: 'R1.5',
    says: 'the clinic cancelled',
    when: { acted: 'clinic-cancels' },
    instead: { acted: 'clinic-cancels', received: 'just-before-the-start', cancellationNoticeHours: 24 },
  },
  {
    rule: 'R5.3',
    says: 'the wish was received no later than the notice',
    when: { received: ['days-before', 'exactly-at-the-notice'] },
    instead: { acted: 'patient-cancels', received: 'exactly-at-the-notice', cancellationNoticeHours: 24 },
  },
];

/** All conditions of a row hold for a case; a fact that the case does not have fits no condition. */
export function fits(when: When, known: Case & { cameTo?: CameTo; fee?: FeeKind }): boolean {
  return Object.entries(when).every(([name, condition]) => {
    const value = known[name as keyof typeof known];
    if (value === undefined) return false;
    if (Array.isArray(condition)) return condition.includes(value);
    if (typeof condition === 'object') {
      const { from, to } = condition as Ages;
      return typeof value === 'number' && from <= value && value <= to;
    }
    return condition === value;
  });
}
