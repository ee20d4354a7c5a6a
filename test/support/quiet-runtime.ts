import { DefaultLogger, Runtime } from '@temporalio/worker';

// The SDK's lines would drown the tests' own; what matters is asserted.
Runtime.install({
  logger: new DefaultLogger('ERROR', () => undefined),
  telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
});
