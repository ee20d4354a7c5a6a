import { createMailer } from '../../integrations/mail/mailer';
import { createElksClient } from '../../integrations/sms/elks';
import type { Connections } from '../connections';

const TIMEOUT_MS = 10_000;
/** One of those that are nobody's (PTS). */
const NOBODYS_NUMBER = '+46701740699';
const ELKS_REFUSED = 'http-401';

/** The provider takes our login: its history of nobody's number is asked for, and nothing is sent. */
export async function providerKnowsUs({ settings, clock }: Connections): Promise<string> {
  const elks = createElksClient({
    baseUrl: settings.ELKS_URL,
    username: settings.ELKS_USERNAME,
    password: settings.ELKS_PASSWORD,
    timeoutMs: TIMEOUT_MS,
  });
  const before = clock.now();
  const after = new Date(before.getTime() - 60_000);
  const history = await elks.sentBetween({ from: settings.SMS_SENDER, to: NOBODYS_NUMBER, after, before });
  if (history.kind === 'read') return 'it answers, and takes our login';
  throw new Error(
    history.reason === ELKS_REFUSED
      ? 'it refuses ELKS_USERNAME and ELKS_PASSWORD'
      : `its history could not be read (${history.reason})`,
  );
}

/** The mail server answers and takes our login, if there is one; nothing is sent. */
export async function mailServerAnswers({ settings }: Connections): Promise<string> {
  const { MAIL_URL: url, MAIL_FROM: from } = settings;
  const problem = await createMailer({ url, from, timeoutMs: TIMEOUT_MS }).whyAway();
  if (problem !== null) throw new Error(`it does not take us (${problem})`);
  return 'it answers, and takes our login if there is one';
}
