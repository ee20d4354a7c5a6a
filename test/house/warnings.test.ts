import { takeUnexpected } from '../support/warnings';

it('F6 a warning that a test prints is found, and one that is known is not', () => {
  console.warn('a framed %s', 'warning');
  console.error(new Error('on purpose').message);
  console.warn('oidc-provider WARNING: Unsupported runtime. Use a newer one.');
  // Taken here: what is left at the end of a test fails it.
  expect(takeUnexpected()).toEqual(['console.warn: a framed warning', 'console.error: on purpose']);
});
