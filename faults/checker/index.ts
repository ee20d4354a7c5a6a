import { checkAccounts } from './accounts';
import type { Evidence, Finding } from './evidence';
import { matchMessages } from './matching';
import { checkMessages } from './messages';
import { checkOrder } from './order';
import { checkWorkflows } from './workflows';

export interface CheckResult {
  findings: Finding[];
  /** SMS that were on their way when the answer came that made them untrue; no sender can call those back. */
  crossings: number;
}

/**
 * Compares what the provider has taken with what was commanded, what the ledger says and what the workflows
 * say: nothing twice, nothing lost without its recorded and true reason, nothing untrue or too late,
 * everything at rest and in agreement.
 */
export function check(evidence: Evidence): CheckResult {
  const { matched, findings } = matchMessages(evidence);
  const messages = checkMessages(evidence, matched);
  return {
    findings: [
      ...findings,
      ...messages.findings,
      ...checkOrder(evidence, matched),
      ...checkAccounts(evidence, matched),
      ...checkWorkflows(evidence),
    ],
    crossings: messages.crossings,
  };
}
