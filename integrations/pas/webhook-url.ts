import { isIP } from 'node:net';
import { isHttps, isSecure } from '../../platform/web-address';

/** Why an address cannot be a clinic's webhook, in machine words. */
export type WebhookUrlProblem = 'not-http' | 'not-https' | 'credentials-in-it' | 'not-a-public-host';

/** Names that a resolver keeps on its own machine or network. */
const PRIVATE_NAME = /(^|\.)(localhost|local|internal|lan|home\.arpa)$/;

/**
 * What is wrong with an address, as far as one can see from it; what its name resolves to is checked at each
 * sending. Anything but https to a public name lets a clinic make us call what only we can reach, so it is
 * allowed on one machine only; http never leaves it.
 */
export function webhookUrlProblem(url: string, toPrivateAddresses: boolean): WebhookUrlProblem | null {
  const { protocol, hostname, username, password } = new URL(url);
  if (username || password) return 'credentials-in-it';
  if (toPrivateAddresses && protocol !== 'https:' && protocol !== 'http:') return 'not-http';
  if (toPrivateAddresses) return isSecure(url) ? null : 'not-https';
  if (!isHttps(url)) return 'not-https';
  const name = hostname.replace(/\.$/, '');
  const isAddress = isIP(name) !== 0 || name.startsWith('[');
  return isAddress || !name.includes('.') || PRIVATE_NAME.test(name) ? 'not-a-public-host' : null;
}
