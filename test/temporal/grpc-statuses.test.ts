import { status } from '@grpc/grpc-js';
import { ServiceError } from '@temporalio/client';
import { grpcStatuses, isUnavailable } from '../../temporal/unavailable';

/** Decision 16: which of Temporal's refusals are an outage, and which a fault of what we asked. */
const refusal = (code: number, details = 'said by the server'): Error =>
  new ServiceError('Failed to start Workflow', {
    cause: Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} }),
  });

it('each status is named by its number', () => {
  const named = Object.entries(status).filter(([, code]) => typeof code === 'number');
  expect(named.map(([name]) => name.toLowerCase().replaceAll('_', '-'))).toEqual([...grpcStatuses]);
});

it('B7 only what is wrong with what we asked is a failure of our own', () => {
  const ours = grpcStatuses.filter((_, code) => code > 0 && !isUnavailable(refusal(code)));
  expect(ours).toEqual(['invalid-argument', 'out-of-range']);
});

it.each([
  [3, 'Update args exceeds size limit.', false],
  [3, 'Namespace test has no mapping defined for search attribute clinicId', true],
  [3, 'search attribute clinicId is not defined', true],
  [8, 'namespace rate limit exceeded', true],
  [8, 'grpc: received message larger than max (4194400 vs. 4194304)', false],
  [9, 'Namespace has moved', true],
  [9, 'The limit on the total number of distinct updates in this workflow has been reached (2000).', false],
  [13, 'Received RST_STREAM with code 2', true],
  [13, 'Request message serialization failure: invalid int 32', false],
  [99, 'a proxy of its own kind', true],
])('B7 status %i, %s: an outage %s', (code, details, isOutage) => {
  expect(isUnavailable(refusal(code, details))).toBe(isOutage);
});

it('B7 what has no status is an outage where it comes of the service, and else our own', () => {
  expect(isUnavailable(new ServiceError('the connection was closed'))).toBe(true);
  expect(isUnavailable(new TypeError('a fault of ours'))).toBe(false);
});
