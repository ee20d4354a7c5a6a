import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  type SearchAttributeUpdatePair,
} from '@temporalio/common';

/**
 * What workflows can be found by in the Temporal Web UI. These are the one thing of a workflow that is stored
 * as plain text beside its id: opaque ids, instants and kebab words only (R8.3). Here and not in temporal/,
 * since the workflows set them; temporal/ registers them.
 */
export const attributeKeys = {
  /** The clinic's opaque id. */
  clinic: defineSearchAttributeKey('ClinicId', 'KEYWORD'),
  /** Where a meeting, the last invoice of a time, or a message case stands. */
  state: defineSearchAttributeKey('State', 'KEYWORD'),
  startsAt: defineSearchAttributeKey('StartsAt', 'DATETIME'),
  /**
   * When the clock alone changes something next: a running workflow for which that lies in the past is late,
   * or stuck.
   */
  nextDueAt: defineSearchAttributeKey('NextDueAt', 'DATETIME'),
  outcome: defineSearchAttributeKey('Outcome', 'KEYWORD'),
  /** What somebody has to do before it can go on as it should. */
  blockedBy: defineSearchAttributeKey('BlockedBy', 'KEYWORD_LIST'),
  /** The states of notices, by SMS or e-mail, that did not reach whom they were for. */
  smsTrouble: defineSearchAttributeKey('SmsTrouble', 'KEYWORD_LIST'),
  /** When the last one of them failed. */
  smsFailedAt: defineSearchAttributeKey('SmsFailedAt', 'DATETIME'),
} as const;

/** One attribute and the value that it shall have; null for none. */
export type AttributeValue = SearchAttributeUpdatePair;

/** Those that have a value, for the start of a workflow. */
export const withValue = (attributes: AttributeValue[]): SearchAttributePair[] =>
  attributes.filter((attribute): attribute is SearchAttributePair => attribute.value !== null);

/** A list without an entry is no value. */
export const listOrNone = (words: string[]): string[] | null =>
  words.length === 0 ? null : [...new Set(words)].sort();

/** An instant as an attribute has it. */
export const dateOrNone = (instant: string | null): Date | null =>
  instant === null ? null : new Date(instant);
