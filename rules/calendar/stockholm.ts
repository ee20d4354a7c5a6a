import { DateTime } from 'luxon';

/** All wall-clock rules are read on this clock (rules.md); the host's own zone never matters. */
export const STOCKHOLM = 'Europe/Stockholm';

/** The instant as wall-clock time in Stockholm. */
export function inStockholm(instant: Date): DateTime<true> {
  const local = DateTime.fromJSDate(instant, { zone: STOCKHOLM });
  if (!local.isValid) throw new RangeError('not an instant');
  return local;
}
