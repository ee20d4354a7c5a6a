import type { ClientSession } from 'mongoose';
import { mailSubjectOfCode } from '../../integrations/mail/subjects';
import type { LedgerRow } from '../../records/ledger';
import type { NotHandedOver } from '../../rules/ledger';
import { isForeign } from '../../rules/phone-number';
import { codeText } from '../../integrations/sms/texts';
import { endRow, takeRow, type Claim } from './claim';
import type { ActivityDeps } from '../deps';
import { overCapNow } from './sms-caps';

/** It came in time to nobody, or a later one of the person's has taken its place. */
export const codeHoldsNoMore: NotHandedOver = { state: 'expired', reason: 'code-holds-no-more' };

/**
 * The hand-over of a code for a number or an address that somebody typed for themselves (R2.13), inside its
 * transaction: like a notice it goes at most once (design, decision 5). It is no notice: it asks for no
 * consent, since whoever typed the number asks for the code, and does not wait for the morning.
 */
export function createCodeClaim(
  deps: ActivityDeps,
): (row: LedgerRow, reportToken: string, now: Date, session: ClientSession) => Promise<Claim> {
  const { records, smsPerDay } = deps;
  return async (row, reportToken, now, session) => {
    const channel = row.channel ?? 'sms';
    const code = await records.wayCodes.find(row.personId, channel, now, session);
    if (code?.codeId !== row.subjectId) {
      return endRow(records, row, codeHoldsNoMore, now, session);
    }
    const person = await records.people.findForHandOver(row.personId, session);
    if (!person) throw new Error('the recipient has no record');
    const { settings } = await records.clinics.byId(row.clinicId);
    const skipped = (reason: string): Promise<Claim> =>
      endRow(records, row, { state: 'skipped', reason }, now, session);
    if (person.protectedIdentity) return skipped('protected-identity');
    if (channel === 'sms') {
      if (isForeign(code.to) && !settings.foreignNumbers) return skipped('foreign-number');
      const overCap = await overCapNow(
        { records, smsPerDay },
        { row, settings, number: code.to, now },
        session,
      );
      if (overCap) return skipped(overCap);
    }
    const way = { channel, to: code.to, obstacle: null };
    const leaseUntil = await takeRow(deps, row, { way, reportToken, now }, session);
    if (!leaseUntil) return { kind: 'wait', ms: deps.sms.leaseMs };
    return {
      kind: 'ours',
      channel,
      to: code.to,
      subject: mailSubjectOfCode(person.language),
      text: codeText(person.language, code.code),
      leaseUntil,
      kindOfNotice: row.kind,
      dueAt: null,
    };
  };
}
