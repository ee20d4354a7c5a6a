import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type { Records } from '../../../records';
import type { CaseState } from '../../../rules/case';
import { createNewsStreams } from '../../frame/news-streams';

/** Somebody who waits for news of a message case. */
interface Waiting {
  caseId: string;
  /** Whose streams are counted together: the person, in all browsers. */
  loginHash: string;
  stillAllowed: () => Promise<boolean>;
}

/** The open streams of message cases in this process (api/frame/news-streams.ts). */
export interface ThreadStreams {
  /** A stream that can be sent; null where there are too many, and the page has to ask now and then. */
  open(waiting: Waiting): { sendTo: (response: Response) => void } | null;
  /** Ends all of them and opens no more: at a shutdown. */
  endAll(): void;
}

/** One look at the database for all streams. */
const LOOK_MS = 2_000;
const CHECK_MS = 10_000;

export function createThreadStreams({
  records,
}: {
  records: Pick<Records, 'messages' | 'cases'>;
}): ThreadStreams {
  const { open, endAll } = createNewsStreams({
    keysOf: (caseIds) => caseKeys(records, caseIds),
    lookMs: LOOK_MS,
    checkMs: CHECK_MS,
  });
  return {
    open: ({ caseId, loginHash, stillAllowed }) => open({ subject: caseId, of: loginHash, stillAllowed }),
    endAll,
  };
}

/** What changes whenever a page of the case would show something else; it tells nothing by itself. */
export async function caseKeys(
  { messages, cases }: Pick<Records, 'messages' | 'cases'>,
  caseIds: string[],
): Promise<Map<string, string>> {
  const [last, states] = await Promise.all([messages.lastOf(caseIds), cases.statesOf(caseIds)]);
  return new Map(caseIds.map((caseId) => [caseId, keyOf(caseId, last.get(caseId) ?? 0, states.get(caseId))]));
}

const keyOf = (caseId: string, last: number, state: CaseState | undefined): string =>
  threadKey(caseId, last, state ?? '');

/** One word for how a thread stands. */
export const threadKey = (...parts: (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12);
