import { pasted } from './typed';

/**
 * The characters that a name before the @ can have unquoted (RFC 5322, dot-atom), and how they are divided by
 * dots.
 */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const MOST_LOCAL = 64;
const MOST_ADDRESS = 254;
/**
 * Names with dots between, the last of letters or in Punycode: no address by number, and nothing of one's own
 * network.
 */
const DOMAIN =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:[A-Za-z]{2,63}|xn--[A-Za-z0-9-]{1,59})$/i;

/**
 * Whether this is one plain e-mail address, with nothing around it that a header or a command could take for
 * more.
 */
export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  return (
    at > 0 &&
    text.length <= MOST_ADDRESS &&
    local.length <= MOST_LOCAL &&
    LOCAL.test(local) &&
    DOMAIN.test(text.slice(at + 1))
  );
}

/**
 * An e-mail address as it was typed or pasted, or null if the text is none. A domain with letters beyond
 * ASCII is kept in Punycode, as mail servers look it up. The name before the @ must be ASCII, since not every
 * server takes another.
 */
export function mailAddress(input: string): string | null {
  const text = pasted(input).replace(/^mailto: ?/i, '');
  const at = text.lastIndexOf('@');
  if (at < 1) return null;
  const address = `${text.slice(0, at)}@${asciiDomain(text.slice(at + 1))}`;
  return isMailAddress(address) ? address : null;
}

/** The domain in Punycode where it has letters beyond ASCII; as it is otherwise, also where it is none. */
function asciiDomain(domain: string): string {
  const isForeign = /^[\p{L}\p{M}\p{N}.-]+$/u.test(domain) && /[^\x21-\x7e]/.test(domain);
  return isForeign && URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
}
