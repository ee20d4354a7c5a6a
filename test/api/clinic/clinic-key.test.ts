import { randomId } from '../../../platform/keys/random-id';
import { createClinic } from '../../support/clinic';
import { startService } from '../../support/service';
import { expectProblem } from '../helpers';
import { clinic, raw, service, withEveryRoute } from './access-setup';

/** R8.1: a clinic comes in by its key alone, which nobody can guess. */
withEveryRoute();

describe('R8.1 the key', () => {
  it.each([
    ['another scheme', (key: string) => `Basic ${Buffer.from(`a:${key}`).toString('base64')}`],
    ['no scheme', (key: string) => key],
    ['a part of it', (key: string) => `Bearer ${key.slice(0, -1)}`],
    ['more than it', (key: string) => `Bearer ${key}x`],
    ['other capitals', (key: string) => `Bearer ${key.toUpperCase()}`],
  ])('is refused as %s', async (_name, header) => {
    const answer = await clinic.call('GET', '/clinic/settings', {
      headers: { authorization: header(clinic.apiKey) },
    });
    expectProblem(answer, 401);
  });

  it('is not taken from the query', async () => {
    const answer = await clinic.call('GET', `/clinic/settings?authorization=${clinic.apiKey}`, {
      headers: { authorization: undefined },
    });
    expectProblem(answer, 401);
  });

  it('stands nowhere in the database in plain text', async () => {
    for (const { name } of await raw.db.listCollections().toArray()) {
      const rows = JSON.stringify(await raw.db.collection(name).find().toArray());
      expect([name, rows.includes(clinic.apiKey)]).toEqual([name, false]);
    }
  });

  it('a clinic with the right key may ask many things at once', async () => {
    const { write } = service.records.audit;
    // A slow moment of the database: all are under way together.
    service.records.audit.write = async (rows) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      await write(rows);
    };
    try {
      const answers = await Promise.all(
        Array.from({ length: 120 }, () => clinic.call('GET', '/clinic/settings')),
      );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    } finally {
      service.records.audit.write = write;
    }
  });

  it('is not to be guessed: too many wrong ones are a 429 problem', async () => {
    const usual = await startService({ workers: false });
    const there = await createClinic(usual);
    const wrong = { headers: { authorization: `Bearer vk_${randomId()}${randomId()}` } };
    let answer = await there.call('GET', '/clinic/settings', wrong);
    for (let tries = 0; tries < 80 && answer.status === 401; tries += 1) {
      answer = await there.call('GET', '/clinic/settings', wrong);
    }
    expectProblem(answer, 429);
    await usual.close();
  });

  it('C8 as many wrong ones at once are looked up as one after the other', async () => {
    const few = await startService({ workers: false, wrongKeysPerMinute: 5 });
    const there = await createClinic(few);
    const looked = jest.spyOn(few.records.clinics, 'byApiKey');
    const wrong = () => ({ headers: { authorization: `Bearer vk_${randomId()}${randomId()}` } });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => there.call('GET', '/clinic/settings', wrong())),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
    expect(looked).toHaveBeenCalledTimes(5);
    await few.close();
  });
});
