import { randomId } from '../../keys/random-id';
import type { Command } from '../../records/commands';
import { toInstant } from '../../rules/instant';
import { STAFF_ID } from './clinic-settings';

/** A command as the API would have stored it. */
export const commandOf = <Body>(
  clinicId: string,
  operation: string,
  body: Body,
): Command & { body: Body } => ({
  commandId: randomId(),
  clinicId,
  operation,
  targetId: randomId(),
  actor: { kind: 'staff', staffId: STAFF_ID, role: 'clinician' },
  reason: null,
  params: {},
  body,
  receivedAt: toInstant(new Date()),
});
