import { ApplicationFailure } from '@temporalio/common';
import { randomSecret } from '../../platform/keys/random-id';
import type { Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';
import { isOfCase, isOfMeeting, type LedgerRow } from '../../records/ledger';
import { reviewCaseReach } from '../../use-cases/notice/case-reach';
import { reviewReach } from '../../use-cases/notice/meeting-reach';
import { wayTo } from '../../rules/calendar/who-hears';
import { noticeLateness } from '../../platform/metrics';
import { msOf } from '../../rules/instant';
import { isForeign } from '../../rules/phone-number';
import { lateTimesWhenDue } from '../../rules/late';
import { decideHandOver, hasReached } from '../../rules/ledger';
import type { NoticeKind } from '../../rules/notices';
import { HELD_UP, type SendResult } from '../../rules/send-result';
import { mailSubject } from '../../integrations/mail/subjects';
import { inSpan } from '../../platform/tracing/spans';
import { noticeText } from '../../integrations/sms/texts';
import type { HandOverActivities } from '../../workflows/shared/hand-over-contract';
import type { ActivityDeps } from '../deps';
import { createAfterRestore } from './after-restore';
import { createCaseClaim } from './case-claim';
import { createCodeClaim } from './code-claim';
import { endRow, savedLink, peopleOf, takeRow, type Claim } from './claim';
import { dueAtOf } from './due';
import { viewOfHandOver } from './meeting-view';
import { createNoteHandOver } from './note-hand-over';
import { earlierOnTheirWayMs, leaseLeftMs } from './on-its-way';
import { morningFor } from './quiet-hours';
import { createReconcile } from './reconcile';
import { warnOfCap } from './sms-caps';

/** How soon to look again at a row that a command about the meeting holds up. */
const COMMAND_PENDING_MS = 3_000;
/**
 * How soon to look again at a row that must not overtake another one: the provider answers in a second or
 * two, if it does.
 */
const ON_ITS_WAY_MS = 3_000;

/**
 * Hands one notice over, at most once (design, decision 5). The row becomes `handing-over` in a transaction
 * that checks consent, last useful moment, state, start version and the caps on SMS, and writes the meeting
 * and the person, immediately before the call to the provider. What takes back what an earlier notice said
 * waits for that one to be through, for as long as its lease (R2.4). A row that a dead process left there, or
 * whose call had an uncertain answer, becomes `unknown`: nobody sends it again, and the provider's history is
 * looked in for it (R2.7).
 */
export function createHandOver(deps: ActivityDeps): HandOverActivities['handOver'] {
  const { records, clock, elks, mailer, sms, log } = deps;
  const reconcile = createReconcile(deps);
  const noteHandOver = createNoteHandOver(deps);
  const claimForCase = createCaseClaim(deps);
  const claimForCode = createCodeClaim(deps);
  const afterRestore = createAfterRestore(deps);

  return async (rowId) => {
    const ended = await afterRestore(rowId);
    if (ended) return ended;
    const reportToken = randomSecret();
    const claim = await records.transaction(async (session): Promise<Claim> => {
      const now = clock.now();
      const row = await records.ledger.get(rowId, session);
      if (row.state === 'handing-over') return leftBehind(row, now);
      if (row.state === 'unknown' && isToBeLookedFor(row)) return { kind: 'look' };
      if (row.state !== 'planned') return { kind: 'over', state: row.state };
      if (isOfCase(row)) return claimForCase(row, reportToken, now, session);
      if (!isOfMeeting(row)) return claimForCode(row, reportToken, now, session);
      const meeting = await records.meetings.getForWriting(row.subjectId, session);
      const { person, patient } = await peopleOf(records, row, meeting.patientId, session);
      const { settings } = await records.clinics.byId(meeting.clinicId);
      const way = wayTo({ ...person, ...person.personal }, settings, now);
      const about = { row, meeting, settings, patient, way, now };
      const decision = decideHandOver(await viewOfHandOver(deps, about, session));
      if (decision.state !== 'handing-over') return endRow(records, row, decision, now, session);
      if (await records.commands.pendingFor(row.subjectId)) return { kind: 'wait', ms: COMMAND_PENDING_MS };
      const earlierMs = await earlierOnTheirWayMs(deps, row, now, session);
      if (earlierMs > 0) return { kind: 'wait', ms: Math.min(earlierMs, ON_ITS_WAY_MS) };
      const morning = morningFor(row, meeting, settings, now);
      if (morning) {
        const startAt = meeting.course.time.startAt;
        return {
          kind: 'wait',
          ms: morning.getTime() - now.getTime(),
          late: lateTimesWhenDue(startAt, morning),
        };
      }
      const { channel, to } = decision.way;
      const abroad = channel === 'sms' && isForeign(to);
      const text = await textOf(row, meeting, person, { withLink: settings.linkInSms, abroad });
      const leaseUntil = await takeRow(deps, row, { way: decision.way, reportToken, now }, session);
      if (!leaseUntil) return { kind: 'wait', ms: sms.leaseMs };
      return {
        kind: 'ours',
        channel,
        to,
        subject: mailSubject(person.language),
        text,
        leaseUntil,
        kindOfNotice: row.kind,
        dueAt: dueAtOf(row, meeting),
      };
    });

    switch (claim.kind) {
      case 'over':
        await reviewReachOf(rowId);
        return claim.state;
      case 'ended':
        warnOfCap(log, claim.row, claim.whyNot);
        await reviewReachOf(rowId);
        return claim.whyNot.state;
      case 'wait':
        if (claim.late) await records.ledger.waitsForMorning(rowId, claim.late);
        throw ApplicationFailure.create({
          message:
            'not yet: another process or a command has it, an earlier one is on its way, or it waits for the morning',
          type: 'wait',
          nextRetryDelay: claim.ms,
        });
      case 'look':
        return reconcile(rowId);
      case 'ours':
        return noteHandOver(rowId, claim.channel, await send(rowId, claim, reportToken));
    }
  };

  async function send(
    rowId: string,
    { channel, to, subject, text, leaseUntil, kindOfNotice, dueAt }: Extract<Claim, { kind: 'ours' }>,
    reportToken: string,
  ): Promise<SendResult> {
    const at = clock.now();
    // Others take it for left behind by now, and look for what was sent before.
    if (at >= leaseUntil) return { kind: 'not-sent', reason: HELD_UP, retryable: true };
    if (dueAt !== null)
      noticeLateness.observe({ kind: kindOfNotice }, Math.max(0, (at.getTime() - msOf(dueAt)) / 1000));
    return inSpan(`hand over by ${channel}`, { 'vardmote.notice': kindOfNotice }, async (span) => {
      const result =
        channel === 'sms'
          ? await elks.send({
              from: sms.sender,
              to,
              message: text,
              reportUrl: `${sms.hooksUrl}/hooks/46elks/${reportToken}`,
            })
          : await mailer.send({ to, subject, text, messageKey: rowId });
      span.setAttribute('vardmote.result', result.kind);
      return result;
    });
  }

  async function reviewReachOf(rowId: string): Promise<void> {
    const row = await records.ledger.get(rowId);
    if (isOfMeeting(row)) await reviewReach(records, row.subjectId, clock.now());
    else if (isOfCase(row)) await reviewCaseReach(records, row.subjectId, clock.now());
  }

  /** The text is made from the meeting as it is now (R2.4), and lives nowhere but on its way. */
  async function textOf(
    row: LedgerRow<NoticeKind>,
    meeting: Meeting,
    to: Person,
    { withLink, abroad }: { withLink: boolean; abroad: boolean },
  ): Promise<string> {
    const { subjectId: meetingId, participantId } = row;
    return noticeText({
      kind: row.kind,
      language: to.language,
      abroad,
      startAt: new Date(
        row.kind === 'cancellation' ? await lastToldStart(row, meeting) : meeting.course.time.startAt,
      ),
      link: withLink ? await savedLink(deps, { meetingId, participantId }) : null,
    });
  }

  /**
   * A cancellation names the time that the recipient knows: a move that nobody told them of has not happened
   * for them.
   */
  async function lastToldStart(row: LedgerRow, meeting: Meeting): Promise<string> {
    const deliveries = (await records.ledger.ofMeeting(row.subjectId)).filter(
      ({ kind, state, participantId }) =>
        participantId === row.participantId &&
        (kind === 'booking' || kind === 'change') &&
        // One still at `handing-over` was waited for: its process has died, and it is as good as unknown.
        (hasReached(state) || state === 'unknown' || state === 'handing-over'),
    );
    const startVersion = Math.max(...deliveries.map(({ occasion }) => occasion));
    const time = meeting.times.find((each) => each.startVersion === startVersion);
    return time?.startAt ?? meeting.course.time.startAt;
  }
}

/** A hand-over that another process began: waited out for its lease, then looked for. */
function leftBehind(row: LedgerRow, now: Date): Claim {
  const leftMs = leaseLeftMs(row, now);
  return leftMs > 0 ? { kind: 'wait', ms: leftMs } : { kind: 'look' };
}

/** Its end is not known, and nobody has looked in the provider's history yet. */
const isToBeLookedFor = ({ channel, handedOverAt, looks }: LedgerRow): boolean =>
  channel === 'sms' && handedOverAt !== null && looks === 0;
