import { webhookUrlProblem } from '../../../integrations/pas/webhook-url';

/** A clinic must not be able to make us call what only we can reach. */
describe('in production an address is refused', () => {
  it.each([
    ['http://pas.example.org/events', 'not-https'],
    ['ftp://pas.example.org/', 'not-https'],
    ['https://user:secret@pas.example.org/', 'credentials-in-it'],
    ['https://localhost/', 'not-a-public-host'],
    ['https://localhost./', 'not-a-public-host'],
    ['https://pas.localhost/', 'not-a-public-host'],
    ['https://mongodb/', 'not-a-public-host'],
    ['https://mongodb:27017/', 'not-a-public-host'],
    ['https://pas.internal/', 'not-a-public-host'],
    ['https://pas.local/', 'not-a-public-host'],
    ['https://127.0.0.1/', 'not-a-public-host'],
    ['https://0x7f.1/', 'not-a-public-host'],
    ['https://2130706433/', 'not-a-public-host'],
    ['https://169.254.169.254/latest/meta-data', 'not-a-public-host'],
    ['https://[::1]/', 'not-a-public-host'],
    ['https://[::ffff:10.0.0.1]/', 'not-a-public-host'],
  ])('%s: %s', (url, problem) => {
    expect(webhookUrlProblem(url, false)).toBe(problem);
  });
});

it('an https address of a public name is taken', () => {
  expect(webhookUrlProblem('https://pas.example.org/vardmote?x=1', false)).toBeNull();
  expect(webhookUrlProblem('https://pas.example.org:8443/', false)).toBeNull();
});

it('on one machine http and private addresses are taken, and still no credentials', () => {
  expect(webhookUrlProblem('http://127.0.0.1:3001/receiver/events', true)).toBeNull();
  expect(webhookUrlProblem('http://user@127.0.0.1/', true)).toBe('credentials-in-it');
  expect(webhookUrlProblem('ftp://127.0.0.1/', true)).toBe('not-http');
});
