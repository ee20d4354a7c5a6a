import { format } from 'node:util';

/**
 * A test that prints a warning or an error fails: among many printed ones nobody would see a new one. What a
 * test expects to be printed it takes up itself (`jest.spyOn(console, 'warn')`).
 */
const expected = [
  // Said on Node 20 when the package is loaded; the stand-in that it is for works there, as its tests show.
  /^oidc-provider WARNING: Unsupported runtime/,
];
const printed: string[] = [];

for (const level of ['warn', 'error'] as const) {
  console[level] = (...args: unknown[]): void => {
    const text = format(...args);
    if (!expected.some((known) => known.test(text))) printed.push(`console.${level}: ${text}`);
  };
}

/** What was printed since this was asked last, and nobody expected. */
export const takeUnexpected = (): string[] => printed.splice(0);

afterEach(() => {
  const unexpected = takeUnexpected();
  if (unexpected.length > 0) throw new Error(`Printed without being expected:\n${unexpected.join('\n')}`);
});
