import {
  isGrpcServiceError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';

/** Each status of gRPC by its number; 0 is no error. */
export const grpcStatuses = [
  'ok',
  'cancelled',
  'unknown',
  'invalid-argument',
  'deadline-exceeded',
  'not-found',
  'already-exists',
  'permission-denied',
  'resource-exhausted',
  'failed-precondition',
  'aborted',
  'out-of-range',
  'unimplemented',
  'internal',
  'unavailable',
  'data-loss',
  'unauthenticated',
] as const;
type GrpcStatus = (typeof grpcStatuses)[number];

/**
 * Whether Temporal has not decided anything that we know of: the one place that tells. What it refuses for
 * good comes from its client as an error of another kind (no such workflow, started already, refused by the
 * workflow), or says that what we asked can never be done: that is a failure of our own, of which there are
 * only so many (design, decision 16). Every other status of gRPC, a broken connection, and a namespace that
 * is not there or not prepared yet may all be otherwise at the next try.
 */
export function isUnavailable(error: unknown): boolean {
  const said = grpcErrorIn(error);
  if (said) return !isOurs(said);
  return hasCause(
    error,
    (each) =>
      each instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
      each instanceof NamespaceNotFoundError ||
      each instanceof ServiceError,
  );
}

/** What was asked would be refused each time, however well Temporal is. */
function isOurs({ code, details }: { code: number; details: string }): boolean {
  const status = grpcStatuses[code];
  // A number that gRPC has not: from something between.
  if (status === undefined) return false;
  return isOursBy[status](details);
}

const never = (): boolean => false;
const always = (): boolean => true;

/** By the status, and where that has several meanings by what Temporal or gRPC says with it. */
const isOursBy: Record<GrpcStatus, (details: string) => boolean> = {
  ok: never,
  // By a proxy or a server that ends, or by our own deadline.
  cancelled: never,
  unknown: never,
  // Too large, or no such value; but for a namespace that the operator has not prepared yet.
  'invalid-argument': (details) =>
    !/search attribute \S+ is not defined|no mapping defined for/i.test(details),
  'deadline-exceeded': never,
  // What is known of it comes as an error of another kind.
  'not-found': never,
  'already-exists': never,
  // A wrong setting, which the operator mends.
  'permission-denied': never,
  // A limit of rate; but a message that is larger than gRPC takes always will be.
  'resource-exhausted': (details) => /message larger than max/i.test(details),
  // A namespace that moves; but a workflow that has had all the updates that it may have takes no more.
  'failed-precondition': (details) => /total number of .*updates/i.test(details),
  aborted: never,
  'out-of-range': always,
  // An older server, or a proxy that does not know the call.
  unimplemented: never,
  // Of the server; but what could not be written was never sent.
  internal: (details) => /request message serialization failure/i.test(details),
  unavailable: never,
  'data-loss': never,
  unauthenticated: never,
};

/** What gRPC said, which the client wraps in errors of its own. */
function grpcErrorIn(error: unknown): { code: number; details: string } | null {
  for (let each = error; each instanceof Error; each = each.cause) if (isGrpcServiceError(each)) return each;
  return null;
}

function hasCause(error: unknown, is: (error: Error) => boolean): boolean {
  for (let each = error; each instanceof Error; each = each.cause) if (is(each)) return true;
  return false;
}
