import { createProbe } from '../../health/probe';
import { probeTargets, type ProbeTarget } from '../../rules/gaps';
import type { Stand } from '../connections';

const HOUR_MS = 3_600_000;

/** What patients and Jitsi's reports need on their way here answers, as the worker's probe asks for it (R5.6). */
export async function addressesAnswer({ settings }: Stand): Promise<string> {
  const { PUBLIC_URL: publicUrl, HOOKS_URL: hooksUrl = publicUrl, OIDC_ISSUER: issuer } = settings;
  const answered = await createProbe({ publicUrl, hooksUrl, issuer })();
  const away = probeTargets.filter((target) => !answered.includes(target)).map((target) => names[target]);
  if (away.length > 0)
    throw new Error(`no answer from here: ${away.join(', ')}; while that lasts no patient is a no-show`);
  return 'the service, its address for reports and the login’s provider answer';
}

const names: Record<ProbeTarget, string> = {
  service: 'PUBLIC_URL',
  reports: 'HOOKS_URL',
  login: 'OIDC_ISSUER',
};

/** No meeting's reports came with a wrong secret in the last hour. */
export async function reportsAreTaken({ records, clock }: Stand): Promise<string> {
  const refused = await records.gaps.refusedSince(new Date(clock.now().getTime() - HOUR_MS));
  if (refused > 0)
    throw new Error(
      `those of ${refused} meetings came with a wrong secret in the last hour; is JITSI_EVENTS_SECRET the same on both sides?`,
    );
  return 'none was refused in the last hour';
}
