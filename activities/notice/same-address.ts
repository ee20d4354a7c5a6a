import { wayTo, type OpenWay } from '../../rules/calendar/who-hears';
import type { LedgerRow } from '../../records/ledger';
import type { ActivityDeps } from '../deps';
import type { LoadedNotice, Notice } from './subjects/subject';

/**
 * Whether somebody else's notice of the same goes to this phone or mailbox: a child's number is often its
 * guardian's, and one phone hears once (R2.7). The first in the order of participants is the one who hears.
 *
 * All that take rows of a meeting write it, so that each sees the rows of those before. What was handed over
 * counts by where it went, whoever comes first in the order: a number may have changed hands between two of
 * them.
 */
export async function hearsAlready(
  { ledger, people }: Pick<ActivityDeps['records'], 'ledger' | 'people'>,
  {
    notice,
    loaded,
    rowsOfOccasion,
    now,
  }: { notice: Notice; loaded: LoadedNotice; rowsOfOccasion: () => Promise<LedgerRow[]>; now: Date },
  way: OpenWay,
): Promise<boolean> {
  const { others, clinicId, settings } = loaded;
  if (others.length === 0) return false;
  const rows = await rowsOfOccasion();
  for (const { participantId, personId, isBefore } of others) {
    const row = rows.find((each) => each.kind === notice.kind && each.participantId === participantId);
    const wasHandedOver = row !== undefined && row.handedOverAt !== null && row.state !== 'planned';
    if (wasHandedOver && row.channel === 'sms') {
      if (way.channel === 'sms' && (await ledger.wentTo(row.rowId, way.to))) return true;
      continue;
    }
    // Of an e-mail's address nothing is kept: it counts by the address that they have now.
    if (!wasHandedOver && (!isBefore || row?.state === 'no-consent')) continue;
    const person = await people.find(clinicId, personId);
    if (!person) continue;
    const theirs = wayTo({ ...person, ...person.personal }, settings, now);
    if (theirs.channel === way.channel && theirs.to.toLowerCase() === way.to.toLowerCase()) return true;
  }
  return false;
}
