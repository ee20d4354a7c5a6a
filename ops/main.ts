import { DefaultLogger, Runtime } from '@temporalio/worker';
import { opsSettings, WrongSettings } from '../config';
import { systemClock } from '../rules/clock';
import { parseCommand, usage, WronglyCalled } from './command';
import { NotPossible } from './operation';
import { openConnections } from './connections';
import { createTalk } from './talk';

/** The operator's command. @returns its exit code */
async function main(args: string[]): Promise<number> {
  const command = parseCommand(args);
  if (!command) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const { operation, options } = command;
  // What is said to the operator is said by us.
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const connections = await openConnections(opsSettings(), systemClock);
  try {
    return (await operation.run(connections, options, createTalk(options))) ? 0 : 1;
  } finally {
    await connections.close();
  }
}

/** Errors whose message says what to do, and all of it. */
const isForTheOperator = (error: unknown): error is Error =>
  error instanceof WrongSettings || error instanceof WronglyCalled || error instanceof NotPossible;

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${isForTheOperator(error) ? error.message : String(error)}\n`);
    process.exit(error instanceof WronglyCalled ? 2 : 1);
  },
);
