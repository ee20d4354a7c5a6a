import type { NoticeDelivery } from './deliveries';
import { deliveryHelp } from './deliveries';
import { utc } from './utc';

/** More of one kind than this are no longer read: the newest are shown, and how many there are. */
const MOST_LINES = 40;

/** A list under its title, in markdown; nothing where it is empty. */
export function section(title: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [`… and ${left} before`, ...lines.slice(left)] : lines;
  return [`**${title}**`, ...shown.map((line) => `- ${line}`), ''];
}

/** What is, and what can be done about it. */
export const withHelp = (what: string, help: string | null): string => (help ? `${what} → _${help}_` : what);

/** Where a notice stands with one recipient. */
export function deliveryLine({
  recipient,
  channel,
  state,
  reason,
  at,
  late,
  waits,
}: Omit<NoticeDelivery, 'startVersion' | 'kind'>): string {
  const way = channel === null ? '' : ` by ${channel === 'sms' ? 'SMS' : 'e-mail'}`;
  const why = reason === null ? '' : ` (\`${reason}\`)`;
  const what = `recipient ${recipient}${way}: ${state}${why}, ${utc(at)}`;
  return withHelp(what, deliveryHelp(state, reason, waits ?? (late ? 'overdue' : undefined)));
}
