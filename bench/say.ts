/** A line of progress. The last line of all is the figures. */
export const say = (line: string): void => void process.stdout.write(`${line}\n`);
