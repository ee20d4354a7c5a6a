/** The mail server that takes our e-mail. */
export interface MailServer {
  host: string;
  port: number;
  /**
   * `implicit` from the first byte, `starttls` before anything is said, or `off`. Where there is TLS there is
   * no way without it: what stands between could otherwise take it away, and read addresses and texts.
   */
  tls: 'implicit' | 'starttls' | 'off';
  login: { user: string; password: string } | null;
}

/**
 * Reads `smtps://user:password@host[:465]` or `smtp://user:password@host[:587]`; the login may be left out,
 * and what is special in it stands percent-encoded. `smtp://` asks for STARTTLS unless it says `?tls=off`,
 * which fits a relay on the same machine.
 *
 * @returns null if it is neither
 */
export function parseMailServer(text: string): MailServer | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (!url.hostname || !['', '/'].includes(url.pathname) || url.hash) return null;
  const tls = tlsOf(url);
  const login = loginOf(url);
  if (!tls || login === undefined) return null;
  // An IPv6 address stands in brackets in a URL only.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { host, port: Number(url.port) || (tls === 'implicit' ? 465 : 587), tls, login };
}

function tlsOf({ protocol, search }: URL): MailServer['tls'] | null {
  if (protocol === 'smtps:' && search === '') return 'implicit';
  if (protocol !== 'smtp:') return null;
  if (search === '') return 'starttls';
  return search === '?tls=off' ? 'off' : null;
}

/** undefined where half of it is missing, or is wrongly encoded. */
function loginOf({ username, password }: URL): MailServer['login'] | undefined {
  if (!username && !password) return null;
  if (!username || !password) return undefined;
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    return undefined;
  }
}
