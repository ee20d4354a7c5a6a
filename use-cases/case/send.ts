import type { Answer, Command } from '../../records/commands';
import type { Case } from '../../records/cases';
import type { Records } from '../../records';
import { TemporalUnavailable, type CaseAnswer } from '../../temporal/gateway';
import type { CaseRefusal, CaseSnapshot } from '../../workflows/case/messages';
import { notFound, problem } from '../command';

/**
 * Sends a command about one case to its workflow; the caller keeps what it answers with.
 * @param send decides the command against the case as it is read, and sends it
 */
export async function changeCase(
  records: Pick<Records, 'cases' | 'commands'>,
  { clinicId, params }: Pick<Command, 'clinicId' | 'params'>,
  send: (careCase: Case) => Promise<CaseAnswer | Answer>,
): Promise<{ careCase: Case; course: CaseSnapshot } | Answer> {
  const careCase = await records.cases.find(clinicId, params.caseId ?? '');
  if (!careCase) return notFound('case');
  const answer = await courseOr(records, careCase, await send(careCase));
  return 'status' in answer ? answer : { careCase, course: answer };
}

/** What a case's workflow has answered, or why it has refused. */
export async function courseOr(
  records: Pick<Records, 'cases' | 'commands'>,
  careCase: Case,
  answer: CaseAnswer | Answer,
): Promise<CaseSnapshot | Answer> {
  if ('status' in answer) return answer;
  if ('snapshot' in answer) return answer.snapshot;
  const { refused } = answer;
  return refusedCase(refused === 'not-running' ? await whyNotRunning(records, careCase) : refused);
}

/**
 * A workflow closes only after its last read model is saved: one that has ended since we read the case has it
 * there now.
 */
async function whyNotRunning(
  { cases, commands }: Pick<Records, 'cases' | 'commands'>,
  { caseId }: Case,
): Promise<'ended'> {
  if ((await cases.get(caseId)).course.state === 'ended') return 'ended';
  // What opens it is still to be carried out; else nothing that we could wait for would bring the workflow
  // back.
  if (await commands.isBeingMade(caseId)) throw new TemporalUnavailable('not-running');
  throw new Error('a case that has not ended has no workflow');
}

const refusalTexts: Record<CaseRefusal, string> = {
  'no-ongoing-matter': 'There is no ongoing matter here. Contact the clinic through 1177.',
  closed: 'The case is closed.',
  ended: 'The case has ended.',
  'not-closed': 'Close the case first.',
  'documented-already': 'The contact is documented already.',
};

/** 409 with the workflow's reason. */
export const refusedCase = (refusal: CaseRefusal): Answer => problem(409, refusal, refusalTexts[refusal]);
