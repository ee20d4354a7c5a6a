import { isDeepStrictEqual } from 'node:util';
import { savedOf, type Evidence, type Finding, type FindingKind, type WorkflowRecord } from './evidence';

/** Every meeting has a workflow that is at rest, and a read model that says what it says. */
export function checkWorkflows({ meetings, workflows }: Evidence): Finding[] {
  const known = new Map(workflows.map((workflow) => [workflow.meetingId, workflow]));
  const findings: Finding[] = [];
  for (const { meetingId, times, cancelled, withdrawn, ended } of meetings) {
    const find = (kind: FindingKind, what: string): void => {
      findings.push({ kind, meetingId, what });
    };
    if ([...times, cancelled, withdrawn, ended].some((asked) => asked && asked.answer === null))
      find('unanswered', 'a command was never answered');
    const workflow = known.get(meetingId);
    if (!workflow) {
      find('stuck', 'there is no workflow');
      continue;
    }
    const why = whyStuck(workflow);
    if (why) find('stuck', why);
    if (!isDeepStrictEqual(savedOf(workflow.asked), savedOf(workflow.read)))
      find('disagreeing', 'the workflow and its read model say different things');
  }
  return findings;
}

/**
 * Why a workflow is not at rest; null where it is. One that waits for staff after its end runs on, rightly.
 */
function whyStuck({ status, pendingActivities, asked }: WorkflowRecord): string | null {
  if (!asked) return 'it does not answer';
  if (status !== 'RUNNING' && status !== 'COMPLETED') return `it is ${status}`;
  if (asked.state !== 'ended') return `the meeting is still ${asked.state}`;
  const open = asked.notices.find(({ state }) => state === 'planned' || state === 'under-way');
  if (open) return `${open.kind} is still ${open.state}`;
  return pendingActivities > 0 ? `${pendingActivities} activities are under way` : null;
}
