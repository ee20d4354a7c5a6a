import { sum } from '../numbers';
import type { RawHistory } from './history';

/**
 * What Temporal Cloud bills for, counted in a history as its documentation counts ("Temporal Cloud Actions"):
 *
 * - a workflow started, also by an update-with-start or a continue-as-new;
 * - a timer started, also the implicit one of `condition` with a time-out;
 * - an activity started, and each retry of it (a history tells of the attempts in one event);
 * - local activities: all that one workflow task ran are one together;
 * - a signal, from a client or a workflow;
 * - an update, accepted or refused: refused ones leave no event, and the walk of the bench has none;
 * - an upsert of search attributes;
 * - a child workflow: two, its start here and its own;
 * - a query and a recorded heartbeat: these leave no event either, and the service makes none.
 *
 * Not billed: workflow tasks, replays, completions, priorities, markers of versions, an update that comes
 * again with the same id.
 */
export const actionKinds = [
  'workflow-started',
  'timer',
  'activity',
  'activity-retry',
  'local-activity-batch',
  'signal',
  'update',
  'search-attributes',
  'child-workflow',
] as const;
export type ActionKind = (typeof actionKinds)[number];

export type Actions = Record<ActionKind, number>;

const LOCAL_ACTIVITY_MARKER = 'core_local_activity';

export function billableActions(history: RawHistory): Actions {
  const actions = Object.fromEntries(actionKinds.map((kind) => [kind, 0])) as Actions;
  const tasksWithLocalActivities = new Set<string>();
  for (const event of history.events ?? []) {
    if (event.workflowExecutionStartedEventAttributes) actions['workflow-started'] += 1;
    if (event.timerStartedEventAttributes) actions.timer += 1;
    if (event.activityTaskStartedEventAttributes) {
      actions.activity += 1;
      actions['activity-retry'] += (event.activityTaskStartedEventAttributes.attempt ?? 1) - 1;
    }
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === LOCAL_ACTIVITY_MARKER)
      tasksWithLocalActivities.add(String(marker.workflowTaskCompletedEventId));
    if (event.workflowExecutionSignaledEventAttributes) actions.signal += 1;
    // A signal to another workflow is billed where it is sent; what arrives there is the same one.
    if (event.workflowExecutionUpdateAcceptedEventAttributes) actions.update += 1;
    if (event.upsertWorkflowSearchAttributesEventAttributes) actions['search-attributes'] += 1;
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) actions['child-workflow'] += 1;
  }
  return { ...actions, 'local-activity-batch': tasksWithLocalActivities.size };
}

export const totalOf = (actions: Actions): number => sum(Object.values(actions));
