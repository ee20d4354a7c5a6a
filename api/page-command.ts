import { randomId } from '../platform/keys/random-id';
import type { Answer } from '../records/commands';
import { storeAndCarryOut } from '../use-cases/carry-out';
import { problem } from '../use-cases/command';

/** How the keys of commands begin that patients' pages give; a clinic's are refused that begin so. */
export const PERSONS_KEY = 'person/';
/** The same of the desk's. */
export const DESK_KEY = 'desk/';

/**
 * Stores what somebody asks for on a page and carries it out, like a command of the clinic's system (design,
 * decision 6). The same form posted twice is the same command and gets the first answer again; while Temporal
 * is down the command is kept, answered 503, and carried out later. It counts as received when its request was.
 */
export async function carryOutFromPage(...asked: Parameters<typeof storeAndCarryOut>): Promise<Answer> {
  const answer = await storeAndCarryOut(...asked);
  switch (answer) {
    case 'under-way':
      return problem(409, 'command-under-way', 'It is being carried out.');
    case 'other-content':
      return problem(409, 'posted-before', 'This page was posted before with other content.');
    default:
      return answer;
  }
}

/**
 * What names the command of a form: no clinic's key is ever the same, and nobody else's.
 * @param of {@link PERSONS_KEY} or {@link DESK_KEY}
 * @param who the person or the member of staff whose page it is
 * @param postedKey the form's own; null for none, and every post is a command of its own
 * @param part tells the commands of one form apart, where it gives several
 */
export const keyOfForm = (of: string, who: string, postedKey: string | null, part = ''): string =>
  `${of}${who}/${postedKey ?? randomId()}${part}`;

/** The reason of a refused command, in machine words; null where it was carried out. */
export const reasonOf = ({ status, body }: Answer): string | null =>
  status < 400 ? null : (body as { title: string }).title;

/**
 * It is stored, and what comes of it is not known yet: the page says that we have it, and a promise it is
 * (design, decision 16). Who posts the same form again learns it.
 */
export const isReceived = (answer: Answer): boolean =>
  ['not-carried-out-yet', 'command-under-way'].includes(reasonOf(answer) ?? '');
