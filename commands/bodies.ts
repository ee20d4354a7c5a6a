import type { ConsentGiver, SmsConsentSource } from '../rules/consents';
import type { FormAnswers, FormQuestion } from '../rules/forms';
import type { Instant } from '../rules/instant';
import type { Changer, OutcomeByStaff, ParticipantRole } from '../rules/meeting';
import type { Language } from '../rules/notices';
import type { Identity } from '../rules/personal-number';
import type { Suitability } from '../rules/suitability';

/** What each command carries once the API has checked it: numbers parsed, times as instants. */

export interface AddPerson {
  name: string;
  identity: Identity | null;
  birthDate: string;
  mobile: string | null;
  email: string | null;
  language: Language;
  protectedIdentity: boolean;
}

/** What is given is changed; what is absent stays. */
export type ChangePerson = Partial<
  Pick<AddPerson, 'name' | 'mobile' | 'email' | 'language' | 'protectedIdentity'>
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
  /** The whole new table, as a file of pas/fee-csv. */
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
  startAt: Instant;
  durationMinutes: number | null;
  by: Changer;
  receivedAt: Instant | null;
}

export interface CancelMeeting {
  by: Changer;
  receivedAt: Instant | null;
}

export interface StateOutcome {
  outcome: OutcomeByStaff;
}
