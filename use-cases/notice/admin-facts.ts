import { isRefusal } from '../../rules/ledger';
import type { NoticeKind } from '../../rules/notices';
import type { CaseDelivery } from '../../workflows/case/messages';
import type { MeetingSight, RefusedTry } from '../../workflows/meeting/messages';
import type { NoticeDelivery } from '../../workflows/shared/deliveries';
import type { Records } from '../../records';
import type { Case } from '../../records/cases';
import type { RefusedEntry } from '../../records/evidence';
import type { LedgerRow } from '../../records/ledger';
import type { Meeting } from '../../records/meetings';

/** What a workflow is told of refused entries is bounded: the newest of so many kinds. */
const MOST_REFUSALS = 12;

/**
 * What a meeting's workflow is told for the administrators who look at it: no one's id, and no number (R8.3).
 */
export const adminFactsOf = async (
  records: Pick<Records, 'evidence' | 'ledger'>,
  meeting: Meeting,
): Promise<Pick<MeetingSight, 'refused' | 'deliveries'>> => ({
  refused: await refusalsOf(records, meeting),
  deliveries: await deliveriesOf(records, meeting),
});

/** Who was not let in, in which role and why. */
export const refusalsOf = async (
  { evidence }: Pick<Records, 'evidence'>,
  { meetingId }: Meeting,
): Promise<RefusedTry[]> => refusedTries(await evidence.refusedEntries(meetingId));

/** Where the notices of the time that the meeting has now stand with each recipient. */
export async function deliveriesOf(
  { ledger }: Pick<Records, 'ledger'>,
  meeting: Meeting,
): Promise<NoticeDelivery[]> {
  const { meetingId, course } = meeting;
  const rows = await ledger.ofMeeting(meetingId);
  return rows
    .filter(({ occasion }) => occasion === course.time.startVersion)
    .map((row) => deliveryOf(meeting, row));
}

/** Tries that were refused for the same reasons in the same role are told together, the last refused last. */
export function refusedTries(entries: RefusedEntry[]): RefusedTry[] {
  const kinds = new Map<string, RefusedTry>();
  for (const { startVersion, role, reasons: signs, at } of entries) {
    // That somebody logged in is a sign that they tried, and no refusal.
    const reasons = signs.filter((sign) => sign !== 'logged-in');
    if (reasons.length === 0) continue;
    const kind = [startVersion, role, ...reasons].join(':');
    const times = (kinds.get(kind)?.times ?? 0) + 1;
    // Taken out first, so that it stands last.
    kinds.delete(kind);
    kinds.set(kind, { startVersion, role, reasons, times, lastAt: at });
  }
  return [...kinds.values()].slice(-MOST_REFUSALS);
}

/** Where a notice stands with one recipient. */
export function deliveryOf(
  meeting: Pick<Meeting, 'participants'>,
  row: LedgerRow<NoticeKind>,
): NoticeDelivery {
  return { startVersion: row.occasion, kind: row.kind, ...deliveryIn(meeting, row) };
}

/** Where the last notice of a case stands with each recipient. */
export async function caseDeliveries(
  { ledger }: Pick<Records, 'ledger'>,
  careCase: Case,
): Promise<CaseDelivery[]> {
  const rows = await ledger.ofCase(careCase.caseId, 1);
  return rows.map((row) => ({ burst: row.occasion, ...deliveryIn(careCase, row) }));
}

const deliveryIn = (about: HavingParticipants, row: LedgerRow) =>
  deliveryTo(recipientNumber(about, row.participantId), row);

/** Where a notice stands with the recipient of that number. */
export function deliveryTo(
  recipient: number,
  { channel, state, reason: noted, late, waits, history, lastUsefulAt }: LedgerRow,
): Omit<NoticeDelivery, 'startVersion' | 'kind'> {
  const at = history.at(-1)?.at ?? lastUsefulAt;
  // One that an operator has tried again was not refused since.
  const reason = state === 'planned' && !isRefusal(noted) ? null : noted;
  const shown = {
    ...(late ? { late: true as const } : {}),
    ...(waits && state === 'planned' ? { waits } : {}),
  };
  return { recipient, channel, state, reason, at, ...shown };
}

interface HavingParticipants {
  participants: { participantId: string }[];
}

/** A number that means the same participant throughout the meeting or the case, and nobody elsewhere. */
export const recipientNumber = ({ participants }: HavingParticipants, id: string): number =>
  participants.findIndex(({ participantId }) => participantId === id) + 1;
