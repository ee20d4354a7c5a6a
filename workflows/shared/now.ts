import { toInstant, type Instant } from '../../rules/instant';

/** Time in a workflow: the same at every replay. */
export const now = (): Instant => toInstant(new Date());
