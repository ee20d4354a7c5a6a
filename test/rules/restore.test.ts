import { mayHaveGone } from '../../rules/restore';

const at = (time: string): string => `2026-11-23T${time}:00.000Z`;
const gap = (from: string, until: string) => ({ dataAsOf: at(from), restoredAt: at(until) });

describe('R2.7 when a notice may have gone before a restore', () => {
  const night = gap('02:00', '08:00');
  const noon = gap('10:00', '12:00');

  it.each([
    ['due before the backup and still waiting there', at('01:00'), [night], ['01:59', '08:00']],
    ['due in the gap', at('07:00'), [night], ['01:59', '08:00']],
    ['due when it had been restored', at('08:00'), [night], null],
    ['due later', at('09:00'), [night], null],
    ['due between two restores', at('09:00'), [night, noon], ['09:59', '12:00']],
    ['due before both', at('07:00'), [night, noon], ['01:59', '12:00']],
    ['of no known time', null, [night, noon], ['01:59', '12:00']],
    ['with nothing ever restored', at('07:00'), [], null],
  ])('%s', (_, dueAt, gaps, window) => {
    const found = mayHaveGone(dueAt, gaps);
    expect(found && [found.after.toISOString(), found.before.toISOString()]).toEqual(
      window && window.map(at),
    );
  });
});
