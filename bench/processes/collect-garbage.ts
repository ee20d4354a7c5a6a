/**
 * Loaded before anything else in every thread of a worker process (`--require`): the workflows live in a
 * thread of the SDK's, whose garbage only that thread itself can collect.
 */
const channel = new BroadcastChannel('collect-garbage');
channel.onmessage = () => globalThis.gc?.();
// A thread that has nothing else to do may end. (Missing in the types.)
(channel as unknown as { unref(): void }).unref();
