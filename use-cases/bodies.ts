import type { CorrectionReason } from '../records/meetings';
import type { Channel, ConsentGiver, SmsConsentSource } from '../rules/consents';
import type { FormAnswers, FormQuestion } from '../rules/forms';
import type { Instant } from '../rules/instant';
import type { BackUpWay, Changer, Outcome, OutcomeByStaff, ParticipantRole } from '../rules/meeting';
import type { Language } from '../rules/notices';
import type { WaiveReason } from '../rules/invoice';
import type { Identity } from '../rules/personal-number';
import type { Suitability } from '../rules/suitability';
import type { TaskResult } from '../rules/tasks';

/** What each command carries once the API has checked it: numbers parsed, times as instants. */

export interface AddPerson {
  name: string;
  identity: Identity | null;
  /** `YYYY-MM-DD`; null where it is not stated and the number tells only a part of it. */
  birthDate: string | null;
  mobile: string | null;
  email: string | null;
  language: Language;
  noticesBy: Channel;
  unsuitableWays: BackUpWay[];
  protectedIdentity: boolean;
}

/** What is given is changed; what is absent stays. */
export type ChangePerson = Partial<
  Pick<
    AddPerson,
    'name' | 'mobile' | 'email' | 'language' | 'noticesBy' | 'unsuitableWays' | 'protectedIdentity'
  >
>;

export interface RecordSmsConsent {
  given: boolean;
  source: SmsConsentSource;
}

export interface RecordCareHistoryConsent {
  given: boolean;
  givenBy: ConsentGiver;
}

export interface ImportFees {
  /** The whole new table, as a file of integrations/pas/fee-csv. */
  csv: string;
  /** Only says what would change. */
  dryRun: boolean;
}

export interface FillInForm {
  answers: FormAnswers;
  answeredBy: 'patient' | 'guardian' | 'staff-by-telephone';
}

export interface AddForm {
  title: string;
  questions: FormQuestion[];
}

export interface BookMeeting {
  startAt: Instant;
  durationMinutes: number;
  patientId: string;
  participants: {
    role: Exclude<ParticipantRole, 'patient'>;
    personId: string | null;
    staffId: string | null;
  }[];
  formIds: string[];
  agreed: boolean;
  toldOfFee: boolean;
  correspondsToVisit: boolean;
  feeCode: string;
  noticeHours: number | null;
  interpreterNeeded: boolean;
  /** The PAS's own reference to the visit. */
  reference: string | null;
  suitability: Suitability;
}

export interface RebookMeeting {
  /** The new time was agreed with the patient; null for what follows from who asks. */
  agreed: boolean | null;
  startAt: Instant;
  durationMinutes: number | null;
  by: Changer;
  receivedAt: Instant | null;
  /** The time of the meeting that it was decided for; absent for whatever time it has when this is carried out. */
  forStartVersion?: number;
}

/** Whether somebody is the one whom an invitation is for (R4.2). */
export interface DecideClaim {
  claimId: string;
  approved: boolean;
}

/** Times that the clinic holds free for a meeting's patient (R1.6). */
export interface OfferTimes {
  startAts: Instant[];
}

export interface ChooseOfferedTime {
  startAt: Instant;
  /** The time that the patient was shown. */
  forStartVersion: number;
}

export interface CancelMeeting {
  by: Changer;
  receivedAt: Instant | null;
  /** The time that a patient was shown; absent for whatever time it has when this is carried out. */
  forStartVersion?: number;
}

export interface StateOutcome {
  outcome: OutcomeByStaff;
  /** For the back-up routine: how the meeting goes on. */
  way: BackUpWay | null;
}

export interface CorrectOutcome {
  outcome: Exclude<Outcome, 'unclear'>;
  way: BackUpWay | null;
  /** What it was when the corrector looked: another one by now is looked at again first. */
  was: Outcome;
  reason: CorrectionReason;
}

/** What staff confirm before the door opens, and at the start (R4.7). */
export type ConfirmReadiness =
  | { moment: 'before-opening'; room: true; background: true; clothing: true; nameBadge: true }
  | { moment: 'at-start'; allPresentAreEntitled: true };

/** Somebody of the patient's side said that they cannot get in (R5.6). */
export interface NoteTry {
  participantId: string;
  receivedAt: Instant | null;
}

export interface ApproveInvoice {
  payer: 'patient' | 'guardian' | null;
}

export interface WaiveInvoice {
  reason: WaiveReason;
}

export interface AnswerInvoice {
  to: 'basis' | 'credit';
  accepted: boolean;
}

export interface AssignTask {
  staffId: string | null;
}

export interface FinishTask {
  /** What came of it; `reached` tells that the patient knows of the meeting (R2.10). */
  result: TaskResult;
}

export interface SetWebhook {
  url: string;
}

export interface RotateWebhookSecret {
  /** How long the old secret signs beside the new one. */
  oldSecretHours: number;
}

/** What happened from then, until then (excluded). */
export interface ReplayEvents {
  from: Instant;
  until: Instant;
}
