import { ApplicationFailure } from '@temporalio/common';
import { noticeLateness } from '../../platform/metrics';
import { inSpan } from '../../platform/tracing/spans';
import type { LedgerRow } from '../../records/ledger';
import { msOf } from '../../rules/instant';
import { CODE_KIND } from '../../rules/notices';
import { HELD_UP, type SendResult } from '../../rules/send-result';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import { deliveryTo, recipientNumber } from '../../use-cases/notice/admin-facts';
import type { HandOverActivities, NoticeOrder } from '../../workflows/shared/hand-over-contract';
import type { ActivityDeps } from '../deps';
import { createAfterRestore } from './after-restore';
import { createNoteHandOver } from './note-hand-over';
import { createReconcile } from './reconcile';
import { warnOfCap } from './sms-caps';
import { createNoticeSubjects } from './subjects';
import { createTaking, type AskedNotice, type OwnRow, type TakeResult } from './take';

/** What giving a notice came to; `ended` with its row as it is by then. */
type Given =
  /** `recipient` as administrators know them; null where that is still to be looked up. */
  { kind: 'ended'; row: LedgerRow; recipient: number | null } | Exclude<TakeResult, { row: LedgerRow }>;

/**
 * Gives one notice to one recipient, at most once (design, decision 5). The row becomes `handing-over` in a
 * transaction that checks consent, last useful moment, state, start version and the caps on SMS, and writes
 * the meeting and the person, immediately before the call to the provider. What takes back what an earlier
 * notice said waits for that one to be through, for as long as its lease (R2.4). A row that a dead process
 * left there, or whose call had an uncertain answer, becomes `unknown`: nobody sends it again, and the
 * provider's history is looked in for it (R2.7).
 */
export function createGiveNotice(deps: ActivityDeps): HandOverActivities {
  const { records, clock, elks, mailer, sms, log } = deps;
  const subjects = createNoticeSubjects(deps);
  const { take, caps } = createTaking(deps, subjects);
  const reconcile = createReconcile(deps);
  const noteHandOver = createNoteHandOver(deps);
  const afterRestore = createAfterRestore(deps, subjects);

  return {
    async giveNotice(order) {
      const given = await give(noticeOf(order));
      switch (given.kind) {
        case 'ended':
          return { kind: 'ended', delivery: await deliveryOf(given) };
        case 'not-before':
          return { kind: 'not-before', at: given.at.toISOString() };
        case 'through-sms':
        case 'does-not-hear':
          return given;
      }
    },
    async handOver(rowId) {
      const row = (await records.ledger.find(rowId)) ?? (await afterRestore.planAgain(rowId));
      const given = await give({ ...row, dueAt: null, queue: null, again: false });
      switch (given.kind) {
        case 'ended':
          return given.row.state;
        // Only of a row that a restore had lost: nobody is told of it at night, or any more.
        case 'not-before':
          throw comeAgain(given.at.getTime() - clock.now().getTime());
        case 'through-sms':
        case 'does-not-hear':
          return 'skipped';
      }
    },
  };

  async function give(notice: AskedNotice): Promise<Given> {
    const restores = notice.kind === CODE_KIND ? [] : await records.restores.all();
    if (afterRestore.concerns(notice, restores)) {
      const entered = await take(notice, null);
      if (entered.kind === 'entered') {
        const ended = await afterRestore.check(entered.row, notice.dueAt, restores);
        if (ended) return { kind: 'ended', row: ended, recipient: null };
      } else if (entered.kind !== 'wait' && entered.kind !== 'look') return carryOn(entered);
    }
    return carryOn(await take(notice, sms));
  }

  async function carryOn(found: TakeResult): Promise<Given> {
    switch (found.kind) {
      case 'ours':
        return { kind: 'ended', row: await handOver(found), recipient: found.recipient };
      case 'dropped':
        warnOfCap(log, found.row, found.whyNot);
        await followDeliveries(records, [found.row], clock.now());
        return { kind: 'ended', row: found.row, recipient: found.recipient };
      case 'over':
        // Whoever ended it may have died before what follows was done.
        await followDeliveries(records, [found.row], clock.now());
        return { kind: 'ended', row: found.row, recipient: null };
      case 'look': {
        const { rowId } = found.row;
        await reconcile(rowId);
        return { kind: 'ended', row: await records.ledger.get(rowId), recipient: null };
      }
      case 'wait':
        if (found.late) await records.ledger.waitsForMorning(found.row.rowId, found.late);
        throw comeAgain(found.ms);
      case 'entered':
        throw new Error('a row was entered that was to be taken');
      case 'not-before':
      case 'through-sms':
      case 'does-not-hear':
        return found;
    }
  }

  async function handOver(own: OwnRow): Promise<LedgerRow> {
    const { row, way } = own;
    const result = await send(own);
    if (result.kind === 'not-sent' && way.channel === 'sms') caps.notSent(row.clinicId);
    return noteHandOver(row, way.channel, result);
  }

  async function send({
    row,
    way,
    mailSubject,
    text,
    leaseUntil,
    reportToken,
    lastUsefulAt,
    dueAt,
  }: OwnRow): Promise<SendResult> {
    const at = clock.now();
    // Others take it for left behind by now, and look for what was sent before.
    if (at >= leaseUntil) return heldUp;
    // To take it took its time, and it would come too late: it comes again and ends (R2.6).
    if (at.getTime() >= msOf(lastUsefulAt)) return heldUp;
    const { rowId, kind } = row;
    const { channel, to } = way;
    if (dueAt !== null) noticeLateness.observe({ kind }, Math.max(0, (at.getTime() - msOf(dueAt)) / 1000));
    return inSpan(`hand over by ${channel}`, { 'vardmote.notice': kind }, async (span) => {
      const result =
        channel === 'sms'
          ? await elks.send({
              from: sms.sender,
              to,
              message: text,
              reportUrl: `${sms.hooksUrl}/hooks/46elks/${reportToken}`,
            })
          : await mailer.send({ to, subject: mailSubject, text, messageKey: rowId });
      span.setAttribute('vardmote.result', result.kind);
      return result;
    });
  }

  async function deliveryOf({ row, recipient }: Extract<Given, { kind: 'ended' }>) {
    if (recipient !== null) return deliveryTo(recipient, row);
    const participants = await subjects.of(row.kind).participants(row.subjectId);
    return deliveryTo(recipientNumber({ participants }, row.participantId), row);
  }
}

/** It has not come to the call: it comes again. */
const heldUp: SendResult = { kind: 'not-sent', reason: HELD_UP, retryable: true };

/** The notice that a workflow's plan has. */
const noticeOf = ({ subject: _, ...order }: NoticeOrder): AskedNotice => order;

const comeAgain = (ms: number): ApplicationFailure =>
  ApplicationFailure.create({
    message:
      'not yet: another process or a command has it, an earlier one is on its way, or it waits for the morning',
    type: 'wait',
    nextRetryDelay: ms,
  });
