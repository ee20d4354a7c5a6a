import { DefaultFailureConverter } from '@temporalio/common';

/**
 * Failures' messages and stack traces become payloads, so that the codec encrypts them; plain text is the
 * SDK's default.
 */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
