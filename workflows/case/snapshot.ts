import { CaseStateMachine } from './state';
import type { CaseInput, CaseSnapshot } from './messages';

/** The read model that a case begins with, before its workflow runs. */
export const firstSnapshot = (input: CaseInput): CaseSnapshot => new CaseStateMachine(input).snapshot();
