import { z } from 'zod';
import type { Answer } from '../../../records/commands';
import type { PageAnswer } from '../../frame/page-content';
import { afterCommand, wasGiven } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { pathOf } from './parts';
import type { Sight } from './sight';
import type { Said } from './came-of-words';
import { reasonOf } from '../../page-command';

/** What the forms about a meeting post. */

/** Something that was typed or chosen; which values are right is for the command's own schema. */
const text = z.string().optional();

/** A form with these fields, all of them lax. */
export const formWith = <Name extends string>(...names: Name[]) =>
  z.object(Object.fromEntries(names.map((name) => [name, text])) as Record<Name, typeof text>);

/** To the meeting's page, which says what came of the command. */
export const toMeeting = (sight: Pick<Sight, 'meeting'>, answer: Answer, said: Said): PageAnswer =>
  afterCommand(answer, pathOf(sight), said);

/** To the receipt of what was done, or to the meeting's page, which says why it was not. */
export function toReceipt(sight: Pick<Sight, 'meeting'>, answer: Answer, receipt: string): PageAnswer {
  const refused = reasonOf(answer);
  return refused === null ? { redirect: pathOf(sight, receipt) } : refusedTo(sight, refused);
}

/** To the meeting's page, or one below it: nothing was done, and why. */
export const refusedTo = (sight: Pick<Sight, 'meeting'>, reason: string, page = ''): PageAnswer => ({
  redirect: `${pathOf(sight, page)}?refused=${reason}`,
});

/** Which time of the meeting a form is about: what was meant for another is not done for this one. */
export const ForTime = ({ sight: { meeting } }: { sight: Pick<Sight, 'meeting'> }) => (
  <input type="hidden" name="time" value={String(meeting.course.time.startVersion)} />
);

/** The meeting was moved since the page was shown, and the form is no repeat. */
export const isForOtherTime = async (
  deps: Pick<DeskRouteDeps, 'records'>,
  request: DeskRequest,
  { meeting }: Pick<Sight, 'meeting'>,
): Promise<boolean> => {
  const { time } = request.body as { time?: string };
  return (
    time !== undefined &&
    time !== String(meeting.course.time.startVersion) &&
    !(await wasGiven(deps, request))
  );
};
