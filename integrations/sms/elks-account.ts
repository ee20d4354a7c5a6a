import { z } from 'zod';
import { elksCall, type ElksAt } from './elks-call';
import { parseJson } from './parse-json';

/** What the provider says of our account, or why it could not be asked, as a short kebab word. */
export type Account =
  /** `balance` in ten-thousandths of the account's currency; null where it is not told. */
  { kind: 'answers'; balance: number | null } | { kind: 'away'; reason: string };

const MAX_ANSWER_BYTES = 16_384;

/** Who owns the account stands in the answer too, and is left there. */
const accountSchema = z.object({ balance: z.int().optional() });

/**
 * Asks 46elks for our account (`GET /me`): that it answers, takes our login, and how much money is left. It
 * costs nothing and sends nothing.
 */
export async function readAccount(at: ElksAt): Promise<Account> {
  const answer = await elksCall(at, MAX_ANSWER_BYTES);
  if (answer.kind === 'failed') return { kind: 'away', reason: answer.reason };
  const { status, body } = answer;
  if (status !== 200) return { kind: 'away', reason: `http-${status}` };
  const account = accountSchema.safeParse(body === null ? null : parseJson(body));
  return account.success
    ? { kind: 'answers', balance: account.data.balance ?? null }
    : { kind: 'away', reason: 'answer-odd' };
}
