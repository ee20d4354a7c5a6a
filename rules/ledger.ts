import type { OpenWay, Way } from './calendar/who-hears';
import { isCancelled } from './gates';
import { msOf, type Instant } from './instant';
import type { MeetingState, Outcome } from './meeting';
import { HELD_UP } from './send-result';
import { reminderKinds, type NoticeKind } from './notices';
import { caps, type OverCap } from './sms-caps';

/** The states of one SMS to one recipient (R2.7; design, decision 5). */
export const deliveryStates = [
  'planned',
  'handing-over',
  'sent',
  'delivered',
  'failed',
  'unknown',
  'skipped',
  'expired',
  'no-consent',
] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** What the provider's delivery report says. */
export type ReportedState = Extract<DeliveryState, 'sent' | 'delivered' | 'failed'>;

/** States that a report of each kind may raise: repeats and disorder change nothing. */
export const raisedFrom: Record<ReportedState, DeliveryState[]> = {
  sent: ['handing-over', 'unknown'],
  failed: ['handing-over', 'unknown', 'sent'],
  delivered: ['handing-over', 'unknown', 'sent', 'failed'],
};

/** A notice reached the recipient, as far as is known (R2.10). */
export const hasReached = (state: DeliveryState): boolean => state === 'sent' || state === 'delivered';

/** What is checked immediately before an SMS is handed over. */
export interface HandOverView {
  now: Instant;
  kind: NoticeKind;
  /** The start version that it tells of. */
  occasion: number;
  lastUsefulAt: Instant;
  meeting: { state: MeetingState; outcome: Outcome | null; startVersion: number };
  /** How it would go to the recipient, or why nothing may. */
  way: Way;
  /** The recipient still hears of this meeting (R7.1, R7.2). */
  hears: boolean;
  /** The recipient is in the room already (R2.1). */
  inTheRoom: boolean;
  /** The cap that one more SMS would exceed, or null. */
  overCap: OverCap | null;
}

/**
 * Whether a notice must wait for an earlier one to the same recipient (R2.4, R2.8). Otherwise the earlier
 * one, which tells of an old time or of the meeting at all, would arrive after the notice that takes it back.
 */
export const mustNotOvertake = (
  notice: Pick<HandOverView, 'kind' | 'occasion'>,
  other: Pick<HandOverView, 'occasion'>,
): boolean => notice.kind === 'cancellation' || other.occasion < notice.occasion;

/** Why a notice is skipped that somebody should have had: nobody has read of what it told (R2.10). */
const missedReasons: readonly string[] = [
  'protected-identity',
  'foreign-number',
  ...caps.map((cap): OverCap => `over-cap-${cap}`),
];

/** A notice that ended like this has not been read by anybody, as far as is known (R2.10). */
export const isLost = (state: DeliveryState, reason: string | null): boolean =>
  state === 'failed' ||
  state === 'unknown' ||
  state === 'expired' ||
  state === 'no-consent' ||
  (state === 'skipped' && reason !== null && missedReasons.includes(reason));

/**
 * Nobody has read it, as far as is known: it was lost, or it waits still and should have gone by now (R2.10).
 */
export const isUnread = ({
  state,
  reason,
  late = false,
}: {
  state: DeliveryState;
  reason: string | null;
  late?: boolean;
}): boolean => isLost(state, reason) || (late && waits(state));

/** Why a row that had failed is planned again: an operator asked for it. */
export const TRIED_AGAIN = 'operator-tries-again';

/**
 * Why a row that waits does so: it was refused, and is tried again. What an operator has tried again, and what
 * was held up on our side, nobody has refused.
 */
export const isRefusal = (reason: string | null): reason is string =>
  reason !== null && reason !== TRIED_AGAIN && reason !== HELD_UP;

/** It waits for its turn or is being handed over, and is not late: it may reach them yet. */
export const isOnItsWay = ({ state, late = false }: { state: DeliveryState; late?: boolean }): boolean =>
  !late && waits(state);

const waits = (state: DeliveryState): boolean => state === 'planned' || state === 'handing-over';

/** It reminds of the meeting (R2.1), and does not tell of it. */
export const isReminder = ({ kind }: { kind: string }): boolean =>
  (reminderKinds as readonly string[]).includes(kind);

/**
 * Whether no due reminder of a time has arrived, though the patient wants reminders (R5.6). If the patient
 * then did not come, this proves nothing.
 * @param reminders those of one time that are notice to the patient
 */
export function areRemindersLost(
  reminders: { state: DeliveryState; reason: string | null; late?: boolean }[],
): boolean {
  const wanted = reminders.filter(
    ({ state, reason }) => state !== 'no-consent' && (state !== 'skipped' || isLost(state, reason)),
  );
  return wanted.some(isUnread) && !wanted.some(({ state }) => hasReached(state));
}

/** A row that is to be handed over now. */
export interface HandedOver {
  state: Extract<DeliveryState, 'handing-over'>;
  way: OpenWay;
}

/** The end of a row that is not handed over. */
export interface NotHandedOver {
  state: Extract<DeliveryState, 'skipped' | 'expired' | 'no-consent'>;
  reason: string;
}

/** Why a notice goes to nobody any more, whoever it was for (R2.4, R2.6); null where it still may. */
export function whyNoMore({
  now,
  kind,
  occasion,
  lastUsefulAt,
  meeting,
}: Pick<HandOverView, 'now' | 'kind' | 'occasion' | 'lastUsefulAt' | 'meeting'>): NotHandedOver | null {
  if (occasion < meeting.startVersion) return { state: 'skipped', reason: 'meeting-moved' };
  const isNews = kind === 'cancellation';
  if (!isNews && isCancelled(meeting.outcome)) return { state: 'skipped', reason: 'meeting-cancelled' };
  if (msOf(now) >= msOf(lastUsefulAt)) return pastItsUse;
  return !isNews && meeting.state === 'ended' ? { state: 'skipped', reason: 'meeting-ended' } : null;
}

/** A code came in time to nobody, or a later one of the person's has taken its place (R2.13). */
export const codeHoldsNoMore: NotHandedOver = { state: 'expired', reason: 'code-holds-no-more' };

const pastItsUse: NotHandedOver = { state: 'expired', reason: 'past-its-last-useful-moment' };

/**
 * Whether to hand a notice over now, and which way, or why not (R2.1, R2.2, R2.4, R2.6, R7.2). A notice over
 * a cap never waits until there is room again. A notice that comes a day late helps nobody, and a queue of
 * them would use up the next day's cap.
 */
export function decideHandOver(view: HandOverView): HandedOver | NotHandedOver {
  const over = whyNoMore(view);
  if (over) return over;
  if (!view.hears) return { state: 'skipped', reason: 'not-entitled' };
  if (view.kind === 'start' && view.inTheRoom) return { state: 'skipped', reason: 'already-in-the-room' };
  return byWay(view);
}

/** What is checked immediately before the notice of new messages is handed over (R6.8). */
export type CaseHandOverView = Pick<HandOverView, 'now' | 'lastUsefulAt' | 'way' | 'hears' | 'overCap'> & {
  /** The patient's side has read or written since. */
  read: boolean;
};

/** Why nobody is told of these new messages any more (R6.8, R2.6); null where somebody still may be. */
export function whyNoMoreOfCase({
  now,
  lastUsefulAt,
  read,
}: Pick<CaseHandOverView, 'now' | 'lastUsefulAt' | 'read'>): NotHandedOver | null {
  if (read) return { state: 'skipped', reason: 'read-already' };
  return msOf(now) >= msOf(lastUsefulAt) ? pastItsUse : null;
}

/** Whether to tell of new messages now, and which way, or why not (R6.8, R2.2, R2.6, R7.2). */
export function decideCaseHandOver(view: CaseHandOverView): HandedOver | NotHandedOver {
  const over = whyNoMoreOfCase(view);
  if (over) return over;
  return view.hears ? byWay(view) : { state: 'skipped', reason: 'not-entitled' };
}

function byWay({ way, overCap }: Pick<HandOverView, 'way' | 'overCap'>): HandedOver | NotHandedOver {
  if (way.obstacle === 'protected-identity' || way.obstacle === 'foreign-number')
    return { state: 'skipped', reason: way.obstacle };
  if (way.channel === null) return { state: 'no-consent', reason: way.obstacle };
  return overCap ? { state: 'skipped', reason: overCap } : { state: 'handing-over', way };
}

/**
 * Why a notice of this kind is not given again at all: of a meeting that is over only that it was cancelled
 * is still told.
 */
export function whyTooLate(
  kind: NoticeKind,
  { state, outcome }: { state: MeetingState; outcome: Outcome | null },
): 'cancelled' | 'ended' | null {
  if (state !== 'ended') return null;
  if (!isCancelled(outcome)) return 'ended';
  return kind === 'cancellation' ? null : 'cancelled';
}

/** Why a notice is not sent again to one recipient. */
export type NotResent =
  | 'under-way'
  | 'was-sent'
  | 'may-have-been-sent'
  | 'reported-as-failed'
  | 'not-sent-on-purpose'
  | 'helps-no-more';

/**
 * Whether a notice may be tried again for one recipient, as an operator asks; the answer is why not, or null
 * for yes. Only what surely was not sent, and still helps: nobody gets the same message twice (R2.6, R2.7).
 * What the provider has taken and then told as failed may still arrive, and is told as delivered then.
 */
export function whyNotResend(
  {
    state,
    reason,
    providerId,
    lastUsefulAt,
  }: { state: DeliveryState; reason: string | null; providerId: string | null; lastUsefulAt: Instant },
  now: Instant,
): NotResent | null {
  switch (state) {
    case 'planned':
    case 'handing-over':
      return 'under-way';
    case 'sent':
    case 'delivered':
      return 'was-sent';
    case 'unknown':
      return 'may-have-been-sent';
    case 'skipped':
    case 'no-consent':
      return 'not-sent-on-purpose';
    case 'expired':
      return 'helps-no-more';
    case 'failed': {
      const wasTaken = providerId !== null || reason === TAKEN_UNDER_ANOTHERS_ID;
      if (reason === REPORTED_AS_FAILED) return 'reported-as-failed';
      if (wasTaken) return 'may-have-been-sent';
      return msOf(now) >= msOf(lastUsefulAt) ? 'helps-no-more' : null;
    }
  }
}

/** The reason of a row of which a delivery report told that it did not arrive. */
export const REPORTED_AS_FAILED = 'delivery-report';

/** The reason of a row that the provider took, and answered with the id of another one. */
export const TAKEN_UNDER_ANOTHERS_ID = 'id-of-another-message';

/** The id of a row: there is one per subject, occasion, kind and recipient (design, decision 5). */
export const rowIdOf = ({
  subjectId,
  occasion,
  kind,
  participantId,
}: {
  subjectId: string;
  occasion: number;
  kind: string;
  participantId: string;
}): string => [subjectId, occasion, kind, participantId].join(':');
