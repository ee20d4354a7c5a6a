/**
 * The SDK takes a stack trace for each promise that a workflow makes, looks up each of its lines in the source map,
 * and keeps it for the Web UI's *Stack Trace*. That was half of what a workflow costs in CPU. Nobody needs it:
 * administrators read in *Current Details* what a workflow waits for.
 *
 * The SDK asks for such a trace by `new Error()`, without a message. Here that gives an error without a trace, and
 * the SDK keeps nothing. Any other error has its trace as before.
 *
 * This is loaded before all workflows (worker/bundle): later the SDK lets nobody change what is global.
 */
const errors: ErrorConstructor = new Proxy(Error, {
  construct(target, args, made) {
    const isForPromise = args.length === 0 && made === errors;
    return (isForPromise ? Object.create(target.prototype) : Reflect.construct(target, args, made)) as Error;
  },
});
globalThis.Error = errors;
