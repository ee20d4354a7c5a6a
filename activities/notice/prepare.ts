import { rowIdOf } from '../../rules/ledger';
import { caseDeliveries, deliveryOf, recipientNumber } from '../../use-cases/notice/admin-facts';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';

import type { CaseActivities } from '../../workflows/case/activities';
import type { MeetingActivitiesOf01 } from '../../workflows/meeting/of-0-1/activities';
import type { NoticeToSend, PreparedNotice } from '../../workflows/shared/hand-over-contract';
import type { ActivityDeps } from '../deps';
import { warnOfCap } from './sms-caps';
import { createNoticeSubjects } from './subjects';
import { createTaking, type AskedNotice } from './take';

/**
 * For meetings that were started by 0.1.0: enters a due notice for each of its recipients, and ends at once
 * what need not be sent; `handOver` takes the rows. New ones ask for `giveNotice` alone.
 */
export function createPrepareNotice(deps: PreparingDeps): MeetingActivitiesOf01['prepareNotice'] {
  const { records } = deps;
  const prepare = createPrepare(deps);
  return async ({ meetingId, startVersion, again, ...notice }) => {
    const meeting = await records.meetings.get(meetingId);
    const key = { ...notice, subjectId: meetingId, occasion: startVersion };
    const prepared = await prepare(meeting, (participantId) => ({
      ...key,
      participantId,
      again: again.includes(rowIdOf({ ...key, participantId })),
    }));
    if (prepared.notBefore) return { ...prepared, told: [] };
    const rows = (await records.ledger.ofMeeting(meetingId)).filter(
      ({ kind, occasion }) => kind === notice.kind && occasion === startVersion,
    );
    return { ...prepared, told: rows.map((row) => deliveryOf(meeting, row)) };
  };
}

/** The same for cases that were started by 0.1.0. */
export function createPrepareCaseNotice(deps: PreparingDeps): CaseActivities['prepareCaseNotice'] {
  const { records } = deps;
  const prepare = createPrepare(deps);
  return async ({ caseId, burst, lastUsefulAt }) => {
    const careCase = await records.cases.get(caseId);
    const prepared = await prepare(careCase, (participantId) => ({
      subjectId: caseId,
      occasion: burst,
      kind: 'new-message',
      participantId,
      lastUsefulAt,
      again: false,
    }));
    return { ...prepared, told: prepared.notBefore ? [] : await caseDeliveries(records, careCase) };
  };
}

type PreparingDeps = Pick<ActivityDeps, 'records' | 'clock' | 'log' | 'smsPerDay'>;

/** What has recipients. */
interface Hearing {
  participants: { participantId: string }[];
}

function createPrepare(
  deps: PreparingDeps,
): (
  about: Hearing,
  noticeTo: (participantId: string) => Omit<AskedNotice, 'dueAt' | 'queue'>,
) => Promise<Omit<PreparedNotice, 'told'>> {
  const { records, clock, log } = deps;
  const { take } = createTaking(deps, createNoticeSubjects(deps));
  return async (about, noticeTo) => {
    const toSend: NoticeToSend[] = [];
    for (const { participantId } of about.participants) {
      const found = await take({ ...noticeTo(participantId), dueAt: null, queue: null }, null);
      if (found.kind === 'not-before') return { toSend: [], notBefore: found.at.toISOString() };
      if (!('row' in found)) continue;
      const { row } = found;
      if (found.kind === 'dropped') warnOfCap(log, row, found.whyNot);
      // It is lost; or an operator has it tried again, and nobody is to call meanwhile.
      await followDeliveries(records, [row], clock.now());
      if (row.state !== 'planned' && row.state !== 'handing-over') continue;
      const { rowId, channel } = row;
      toSend.push({ rowId, channel: channel ?? 'sms', recipient: recipientNumber(about, participantId) });
    }
    return { toSend, notBefore: null };
  };
}
