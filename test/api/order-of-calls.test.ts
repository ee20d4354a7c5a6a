import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createClinic, type TestClinic } from '../support/clinic';
import { startService, type Service } from '../support/service';
import { waitUntil } from '../support/wait-until';
import { MINUTE, inMs } from './helpers';

/** D16 What docs/api-order-of-calls.md tells works, as it stands there and in that order. */
const document = readFileSync(path.join(__dirname, '../../docs/api-order-of-calls.md'), 'utf8');

interface Example {
  method: string;
  address: string;
  body: string | null;
  status: number;
  answer: unknown;
}

const examples = [...document.matchAll(/```http\n([\s\S]*?)```/g)].map((match): Example => {
  const [request = '', answer = ''] = match[1]!.split('\n\n');
  const [line = '', ...body] = request.split('\n');
  const [method = '', address = ''] = line.split(' ');
  const [status, ...answered] = answer.split('\n');
  return {
    method,
    address,
    body: body.length > 0 ? body.join('\n') : null,
    status: Number(status),
    answer: JSON.parse(answered.join('\n')),
  };
});

let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService();
  clinic = await createClinic(service);
});
afterAll(() => service.close());

/** What earlier answers gave, by the names that the page gives it. */
const known = new Map([['in ten minutes', inMs(10 * MINUTE)]]);
const filled = (text: string): string =>
  text.replace(/\{([a-zA-Z ]+)\}/g, (whole, name: string) => known.get(name) ?? whole);

/** Whether an answer has all that the page shows of it; names that are new are learnt from it. */
function matches(shown: unknown, given: unknown): boolean {
  if (shown === '…') return typeof given === 'string' && given !== '';
  if (typeof shown === 'string') {
    const name = /^\{(\w+)\}$/.exec(shown)?.[1];
    if (name === undefined || known.has(name)) return filled(shown) === given;
    if (typeof given !== 'string') return false;
    known.set(name, given);
    return true;
  }
  if (Array.isArray(shown))
    return (
      Array.isArray(given) &&
      given.length === shown.length &&
      shown.every((each, at) => matches(each, given[at]))
    );
  if (typeof shown !== 'object' || shown === null) return shown === given;
  return (
    typeof given === 'object' &&
    given !== null &&
    Object.entries(shown).every(([name, value]) => matches(value, (given as Record<string, unknown>)[name]))
  );
}

it('D16 the examples of the page, from person to billing, are what the API answers', async () => {
  expect(examples.length).toBeGreaterThan(14);
  for (const { method, address, body, status, answer } of examples) {
    const ask = () =>
      clinic.call(method, filled(address), {
        ...(body === null ? {} : { body: JSON.parse(filled(body)) as unknown }),
      });
    // What comes of itself comes a moment later; what was asked for is there at once.
    const given =
      method === 'GET'
        ? await waitUntil(ask, (each) => each.status === status && matches(answer, each.body))
        : await ask();
    expect([method, address, given.status, given.body, matches(answer, given.body)]).toEqual([
      method,
      address,
      status,
      given.body,
      true,
    ]);
  }
  expect([...known.keys()]).toEqual(expect.arrayContaining(['personId', 'meetingId', 'invoiceId']));
});
