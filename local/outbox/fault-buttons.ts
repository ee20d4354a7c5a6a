import { faultsAt, type FaultKind, type FaultMoment, type FaultRule } from './faults';

/** A fault that a developer can switch on by hand, for every SMS until it is switched off. */
export interface FaultButton {
  name: string;
  rule: FaultRule;
}

/** The commonest ones. */
export const buttons: FaultButton[] = [
  { name: 'Answers 500, takes nothing', rule: { fault: 'error-before-accepting' } },
  { name: 'Takes it, then answers 500', rule: { fault: 'error-after-accepting' } },
  { name: 'Takes it, never answers', rule: { fault: 'hang-after-accepting' } },
  { name: 'Takes it, cuts the line', rule: { fault: 'cut-after-accepting' } },
  { name: 'Too many (429)', rule: { fault: 'too-many' } },
  { name: 'Refuses (403)', rule: { fault: 'refusal' } },
  { name: 'Delivery reports get lost', rule: { fault: 'report-lost' } },
  { name: 'Delivery fails', rule: { fault: 'report-failed' } },
  { name: 'History is a minute late', rule: { fault: 'hidden-from-history', forMs: 60_000 } },
  { name: 'History answers 500', rule: { fault: 'history-error' } },
];

/** Whether what the button stands for is on. */
export const isOn = (rules: readonly FaultRule[], { rule }: FaultButton): boolean =>
  rules.some((each) => isButtons(each, rule.fault));

/**
 * Without it if it was on; else with it, in the place of other buttons' faults of the same moment: only one
 * can strike.
 */
export function toggled(rules: readonly FaultRule[], button: FaultButton): FaultRule[] {
  const { rule } = button;
  if (isOn(rules, button)) return rules.filter((each) => !isButtons(each, rule.fault));
  const moment = momentOf(rule.fault);
  return [...rules.filter((each) => momentOf(each.fault) !== moment || !isButtons(each, each.fault)), rule];
}

/** A rule for some SMS only is nothing that a button stands for. */
const isButtons = (rule: FaultRule, fault: FaultKind): boolean =>
  rule.fault === fault && rule.to === undefined && rule.count === undefined && rule.probability === undefined;

const momentOf = (fault: FaultKind): FaultMoment | undefined =>
  (Object.keys(faultsAt) as FaultMoment[]).find((moment) =>
    (faultsAt[moment] as readonly FaultKind[]).includes(fault),
  );
