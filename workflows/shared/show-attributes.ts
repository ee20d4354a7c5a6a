import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { AttributeValue } from './search-attributes';

/**
 * Sets the attributes that have changed: each time is an event in the history, so nothing is set again as it
 * stands.
 */
export function showAttributes(wanted: AttributeValue[]): void {
  const { typedSearchAttributes } = workflowInfo();
  const changed = wanted.filter(
    ({ key, value }) => JSON.stringify(typedSearchAttributes.get(key) ?? null) !== JSON.stringify(value),
  );
  if (changed.length > 0) upsertSearchAttributes(changed);
}
