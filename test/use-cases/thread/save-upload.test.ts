import { PicturesAway } from '../../../files/pictures';
import { withRoom } from '../../../use-cases/thread/save-upload';

/** B2: whose file is looked at next, where many come at once. */

/** Work that comes to its end when the test says so. */
function slowWork() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const send = (by: string, name: string) =>
    withRoom({ clinicId: 'a-clinic', by }, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { begun, send, end };
}
const settled = () => new Promise(setImmediate);

it('B2 one who sends many waits for their own, one at a time, and takes no other’s room', async () => {
  const { begun, send, end } = slowWork();
  const many = Array.from({ length: 20 }, (_, number) => send('one', `one-${number}`));
  const others = Array.from({ length: 7 }, (_, number) => send(`other-${number}`, `other-${number}`));
  await settled();
  expect(begun).toEqual(['one-0', ...Array.from({ length: 7 }, (_, number) => `other-${number}`)]);
  // As many senders as there is room for: one more hears it.
  expect(await send('one-more', 'one-more')).toEqual({ notNow: 'busy' });
  for (let number = 0; number < 7; number += 1) await end(`other-${number}`);
  expect(await Promise.all(others)).toHaveLength(7);
  for (let number = 0; number < 20; number += 1) {
    expect(begun.at(-1)).toBe(number === 0 ? 'other-6' : `one-${number}`);
    await end(`one-${number}`);
  }
  expect(await Promise.all(many)).toEqual(Array.from({ length: 20 }, (_, number) => `one-${number}`));
});

it('B2 a failure passes the turn on', async () => {
  const { send, end } = slowWork();
  const failed = withRoom({ clinicId: 'a-clinic', by: 'one' }, () =>
    Promise.reject(new PicturesAway('a test')),
  );
  const next = send('one', 'next');
  expect(await failed).toEqual({ notNow: 'pictures-away' });
  await settled();
  await end('next');
  expect(await next).toBe('next');
});
