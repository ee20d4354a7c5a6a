import type { Instant } from '../../rules/instant';

/**
 * An instant as administrators read it, `2026-11-23 09:00 UTC`: a workflow knows no time zones (design,
 * decision 3), so each time names its zone.
 */
export const utc = (at: Instant): string =>
  `${at.slice(0, 10)} ${at.slice(11, at.endsWith('00.000Z') ? 16 : 19)} UTC`;

/** Stands above all times. */
export const ABOUT_UTC = '_Times are UTC: in Sweden it is one hour later in winter, two in summer._';
