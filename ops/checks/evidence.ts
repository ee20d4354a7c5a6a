import { isGap, probeTargets, type ProbeTarget } from '../../rules/gaps';
import { toInstant } from '../../rules/instant';
import type { Connections } from '../connections';

const HOUR_MS = 3_600_000;

/** What patients and Jitsi's reports need on their way here answers the workers' probe (R5.6). */
export async function addressesAnswer({ records, clock }: Connections): Promise<string> {
  const last = await records.gaps.lastAnswers();
  const away = probeTargets.filter((target) => {
    const at = last[target];
    return at === undefined || isGap(at, toInstant(clock.now()));
  });
  if (away.length > 0)
    throw new Error(
      `no answer to the workers’ probe: ${away.map((target) => names[target]).join(', ')}; while that lasts no patient is a no-show`,
    );
  return 'they answer the workers’ probe';
}

const names: Record<ProbeTarget, string> = {
  service: 'PUBLIC_URL',
  reports: 'HOOKS_URL',
  login: 'OIDC_ISSUER',
};

/** No meeting's reports came with a wrong secret in the last hour. */
export async function reportsAreTaken({ records, clock }: Connections): Promise<string> {
  const refused = await records.gaps.refusedSince(new Date(clock.now().getTime() - HOUR_MS));
  if (refused > 0)
    throw new Error(
      `those of ${refused} meetings came with a wrong secret in the last hour; is JITSI_EVENTS_SECRET the same on both sides?`,
    );
  return 'none was refused in the last hour';
}
