import { ApplicationFailure } from '@temporalio/common';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import { isOfMeeting, type LedgerRow } from '../../records/ledger';
import type { Restore } from '../../records/restores';
import { wayTo } from '../../rules/calendar/who-hears';
import { msOf, type Instant } from '../../rules/instant';
import { lateTimesWhenDue } from '../../rules/late';
import { CODE_KIND, isCaseNotice, type NoticeKind } from '../../rules/notices';
import type { DeliveryState } from '../../rules/ledger';
import { MAY_HAVE_GONE, mayHaveGone } from '../../rules/restore';
import type { ActivityDeps } from '../deps';
import { caseDueAtOf, dueAtOf } from './due';

/** How soon to look again while an operator holds all notices, or the provider's history cannot be read. */
const AGAIN_MS = 15_000;

/**
 * Keeps a notice from going out twice after a restore (R2.7): a ledger of an earlier moment holds for planned
 * what has gone since. Until an operator lets notices go they wait; then each that was due before is looked
 * for in the provider's history first. One that may have gone is not sent again but told to staff; an e-mail,
 * of which there is no history, always.
 *
 * @returns takes a row's id, and answers with the state that the row came to, or null where it may be handed
 * over
 * @throws ApplicationFailure to come again
 */
export function createAfterRestore({
  records,
  clock,
  elks,
  sms,
}: Pick<ActivityDeps, 'records' | 'clock' | 'elks' | 'sms'>): (
  rowId: string,
) => Promise<DeliveryState | null> {
  return async (rowId) => {
    const restores = await records.restores.all();
    if (restores.length === 0) return null;
    const known = await records.ledger.find(rowId);
    // A code holds for ten minutes only.
    if (known?.kind === CODE_KIND) return null;
    const row = known ?? (await planAnew(rowId));
    const now = clock.now();
    // What is past its last useful moment ends as such, held or not.
    if (row.state !== 'planned' || now.getTime() >= msOf(row.lastUsefulAt)) return null;
    if (restores.some(({ releasedAt }) => releasedAt === null)) {
      throw comeAgain('notices are held after a restore, until an operator lets them go');
    }
    if (!(await hasPerhapsGone(row, restores))) return null;
    await records.ledger.step(rowId, { from: ['planned'], to: 'unknown', reason: MAY_HAVE_GONE, at: now });
    const ended = await records.ledger.get(rowId);
    await followDeliveries(records, [ended], now);
    return ended.state;
  };

  /** A row that was entered after the ledger's moment: the workflow remembers it. */
  async function planAnew(rowId: string): Promise<LedgerRow> {
    const [subjectId = '', occasion, kind = '', participantId = ''] = rowId.split(':');
    return isCaseNotice(kind)
      ? planAnewForCase(subjectId, Number(occasion), participantId)
      : planAnewForMeeting(subjectId, Number(occasion), kind as NoticeKind, participantId);
  }

  async function planAnewForMeeting(
    meetingId: string,
    startVersion: number,
    kind: NoticeKind,
    participantId: string,
  ): Promise<LedgerRow> {
    const meeting = await records.meetings.get(meetingId);
    const participant = meeting.participants.find((each) => each.participantId === participantId);
    const notice = meeting.course.notices.find(
      (each) => each.kind === kind && each.startVersion === startVersion,
    );
    if (!participant?.personId || !notice) {
      throw new Error('the restored meeting knows nothing of this notice: compare it with its workflow');
    }
    return records.ledger.plan(
      {
        subjectId: meetingId,
        clinicId: meeting.clinicId,
        occasion: startVersion,
        kind,
        participantId,
        personId: participant.personId,
        channel: null,
        lastUsefulAt: notice.lastUsefulAt,
      },
      clock.now(),
      lateTimesWhenDue(meeting.course.time.startAt, clock.now()),
    );
  }

  async function planAnewForCase(
    caseId: string,
    burst: number,
    participantId: string,
  ): Promise<LedgerRow<'new-message'>> {
    const careCase = await records.cases.get(caseId);
    const participant = careCase.participants.find((each) => each.participantId === participantId);
    const notice = careCase.course.notices.find((each) => each.burst === burst);
    if (!participant || !notice) {
      throw new Error('the restored case knows nothing of this notice: compare it with its workflow');
    }
    return records.ledger.plan(
      {
        subjectId: caseId,
        clinicId: careCase.clinicId,
        occasion: burst,
        kind: 'new-message',
        participantId,
        personId: participant.personId,
        channel: null,
        lastUsefulAt: notice.lastUsefulAt,
      },
      clock.now(),
    );
  }

  async function plannedDueAt(row: LedgerRow): Promise<Instant | null> {
    return isOfMeeting(row)
      ? dueAtOf(row, await records.meetings.get(row.subjectId))
      : caseDueAtOf(row, await records.cases.get(row.subjectId));
  }

  async function hasPerhapsGone(row: LedgerRow, restores: Restore[]): Promise<boolean> {
    const window = mayHaveGone(firstDueAt(row, await plannedDueAt(row)), restores);
    if (!window) return false;
    const person = await records.people.find(row.clinicId, row.personId);
    const { settings } = await records.clinics.byId(row.clinicId);
    if (!person) throw new Error('the recipient has no record');
    const way = wayTo({ ...person, ...person.personal }, settings, clock.now());
    // Nothing goes there now, and the hand-over says why.
    if (way.channel === null) return false;
    if (way.channel === 'email') return true;
    const history = await elks.sentBetween({ from: sms.sender, to: way.to, ...window });
    if (history.kind === 'unread') throw comeAgain('the provider’s history cannot be read after a restore');
    // What cannot be read may be this very notice.
    if (history.odd > 0) return true;
    const known = await records.ledger.knownAmong(history.messages.map(({ providerId }) => providerId));
    return history.messages.some(({ providerId }) => !known.has(providerId));
  }
}

/** A notice that an operator gives again is due anew; it may have gone since it was planned first. */
function firstDueAt({ history: [first] }: LedgerRow, dueAt: Instant | null): Instant | null {
  return dueAt !== null && first && msOf(first.at) < msOf(dueAt) ? first.at : dueAt;
}

const comeAgain = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ message, type: 'wait', nextRetryDelay: AGAIN_MS });
