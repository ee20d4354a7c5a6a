import { gapsThatCount, type Gap } from './gaps';
import { gatesOpen, type Gates } from './gates';
import type { MeetingTime, Outcome } from './meeting';
import { coverWithoutGap, haveMet, isPatientSide, type Stay } from './presence';

/** What is known when a meeting's booked end has come (R5.6). */
export interface Evidence {
  stays: Stay[];
  /** The patient is at most 12, so that a guardian's presence counts (R5.6). */
  guardianActs: boolean;
  gates: Gates;
  /** Times that the patient's side tried: a refused entry, a login, a call that they cannot get in. */
  tries: number;
  /** Who was let in and yet never reported in the room: a failed call, or a report that was lost. */
  letInButNotSeen: { clinic: boolean; patient: boolean };
  /** At least one notice of this start version, or staff, reached the patient's side (R2.10). */
  noticeReached: boolean;
  /** Where evidence can have been lost (design, decision 15). */
  gaps: Gap[];
  /** No reminder of this time came, by no fault of the patient's, and staff did not reach them either. */
  remindersLost: boolean;
  interpreter: 'not-needed' | 'came' | 'never-came';
}

/** An outcome with the facts that led to it, in words for staff and the Web UI. */
export interface SettledOutcome {
  outcome: Outcome;
  because: string[];
}

/**
 * What the evidence shows (R5.6). Where it does not show it clearly, the answer is `unclear`, for staff to
 * decide: a wrong no-show harms somebody ill.
 */
export function settleOutcome(time: MeetingTime, evidence: Evidence): SettledOutcome {
  const clinic = evidence.stays.filter((stay) => stay.role === 'staff');
  const patient = evidence.stays.filter((stay) => isPatientSide(stay.role, evidence.guardianActs));

  const interpreterMissing = evidence.interpreter === 'never-came';
  // Who was not seen while nobody could have been seen was not absent.
  const gaps = [...new Set(gapsThatCount(time, evidence.gaps).map(({ kind }) => kind))];

  if (patient.length > 0 && haveMet(clinic, patient)) {
    // They may have managed without, or found one by telephone: nobody but staff knows.
    return interpreterMissing
      ? { outcome: 'unclear', because: ['clinic-and-patient-met', 'interpreter-never-came'] }
      : { outcome: 'completed', because: ['clinic-and-patient-met'] };
  }
  const clinicNeverCame = clinic.length === 0 && !evidence.letInButNotSeen.clinic;
  if (patient.length > 0) {
    return clinicNeverCame && gaps.length === 0
      ? { outcome: 'clinic-absent', because: ['patient-came', 'clinic-never-came'] }
      : { outcome: 'unclear', because: ['patient-came', 'clinic-not-there-at-the-time', ...gaps] };
  }
  if (!gatesOpen(evidence.gates)) {
    return {
      outcome: 'could-not-start',
      because: [
        ...(evidence.gates.consentGiven ? [] : ['consent-missing']),
        ...(evidence.gates.formsMissing.length > 0 ? ['form-missing'] : []),
      ],
    };
  }
  if (gaps.length === 0) {
    // R5.5: where an interpreter was missing nobody is charged, whoever else was missing too.
    if (interpreterMissing) return { outcome: 'could-not-start', because: ['interpreter-missing'] };
    if (clinicNeverCame && !evidence.letInButNotSeen.patient)
      return { outcome: 'clinic-absent', because: ['clinic-never-came'] };
  }

  const doubts = [
    ...(coverWithoutGap(clinic, time.startAt, time.graceEndsAt)
      ? []
      : ['clinic-not-there-through-the-grace-time']),
    ...(evidence.tries > 0 ? ['patient-tried-to-come-in'] : []),
    ...(evidence.letInButNotSeen.patient ? ['patient-was-let-in-but-not-seen'] : []),
    ...(evidence.letInButNotSeen.clinic ? ['clinic-was-let-in-but-not-seen'] : []),
    ...(evidence.noticeReached ? [] : ['no-notice-reached-the-patient']),
    ...(evidence.noticeReached && evidence.remindersLost ? ['no-reminder-reached-the-patient'] : []),
    ...(interpreterMissing ? ['interpreter-never-came'] : []),
    ...gaps,
  ];
  return doubts.length > 0
    ? { outcome: 'unclear', because: doubts }
    : { outcome: 'no-show', because: ['clinic-waited-through-the-grace-time', 'patient-never-came'] };
}
