import { msOf, type Instant } from './instant';
import type { MeetingTime } from './meeting';

/**
 * The targets of the probe (R5.6; design, decision 15): the patients' way to the service, the way of Jitsi's
 * reports to it, and the login's provider.
 */
export const probeTargets = ['service', 'reports', 'login'] as const;
export type ProbeTarget = (typeof probeTargets)[number];

/**
 * Why we may not have seen the patient.
 * - `…-away`: a probe had no answer
 * - `reports-refused`: Jitsi's reports of this meeting came with a wrong secret
 * - `reports-silent`: people were let in, and Jitsi reported nobody
 * - `limit-answered`: the patient's side was answered 429
 * - `error-answered`: the patient's side was answered that something was wrong here
 */
export type GapKind =
  `${ProbeTarget}-away` | 'reports-refused' | 'reports-silent' | 'limit-answered' | 'error-answered';

/** A time in which evidence of the patient could be lost. */
export interface Gap {
  kind: GapKind;
  from: Instant;
  until: Instant;
}

/** So long something must be away to be a gap: a restart of seconds is none (ours). */
export const GAP_SECONDS = 60;

/** What is away all the time from the one instant to the other is a gap. */
export const isGap = (from: Instant, until: Instant): boolean =>
  msOf(until) - msOf(from) >= GAP_SECONDS * 1000;

/** Those that were seen at one instant, at this very meeting: they count however short. */
const isOfTheMeeting = (kind: GapKind): boolean => {
  switch (kind) {
    case 'service-away':
    case 'reports-away':
    case 'login-away':
      return false;
    case 'reports-refused':
    case 'reports-silent':
    case 'limit-answered':
    case 'error-answered':
      return true;
  }
};

/**
 * The gaps over which nobody can be said to have been absent: of a minute or more between the door's opening
 * and the end of the grace time.
 */
export const gapsThatCount = (
  { doorOpensAt, graceEndsAt }: Pick<MeetingTime, 'doorOpensAt' | 'graceEndsAt'>,
  gaps: Gap[],
): Gap[] =>
  gaps.filter(
    ({ kind, from, until }) =>
      isOfTheMeeting(kind) ||
      isGap(
        msOf(from) > msOf(doorOpensAt) ? from : doorOpensAt,
        msOf(until) < msOf(graceEndsAt) ? until : graceEndsAt,
      ),
  );
