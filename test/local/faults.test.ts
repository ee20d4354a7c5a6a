import fc from 'fast-check';
import { seededRandom } from '../../local/seeded-random';
import { buttons, isOn, toggled } from '../../local/outbox/fault-buttons';
import { createFaultSwitch } from '../../local/outbox/fault-switch';
import { faultWords } from '../../local/outbox/fault-words';
import { chooseFault, faultRuleSchema, faultsAt, type FaultRule } from '../../local/outbox/faults';

const to = '+46701740605';
const other = '+46701740606';
const never = (): number => {
  throw new Error('chance was asked');
};
const everyFault = Object.values(faultsAt).flat();
/** A rule of each kind. */
const ruleOf = (fault: (typeof everyFault)[number]): FaultRule =>
  [{}, { atByte: 7 }, { delayMs: 1_000 }, { times: 3 }, { forMs: 1_000 }]
    .map((more) => faultRuleSchema.safeParse({ fault, ...more }))
    .find(({ success }) => success)!.data!;

describe('the choice of a fault', () => {
  it('takes the first rule that fits moment and number', () => {
    const rules: FaultRule[] = [
      { fault: 'report-lost' },
      { fault: 'refusal', to: other },
      { fault: 'too-many' },
      { fault: 'odd-body' },
    ];
    expect(chooseFault(rules, { moment: 'answer', to }, never)).toBe(rules[2]);
    expect(chooseFault(rules, { moment: 'answer', to: other }, never)).toBe(rules[1]);
    expect(chooseFault(rules, { moment: 'report', to }, never)).toBe(rules[0]);
    expect(chooseFault(rules, { moment: 'history', to }, never)).toBeNull();
  });

  it('keeps a rule for one number from a question for all', () => {
    const rules: FaultRule[] = [{ fault: 'history-error', to }];
    expect(chooseFault(rules, { moment: 'history', to: null }, never)).toBeNull();
  });

  it('leaves to chance what a rule leaves to it, and asks no chance where the rule does not fit', () => {
    const rules: FaultRule[] = [{ fault: 'too-many', to, probability: 0.3 }, { fault: 'odd-body' }];
    expect(chooseFault(rules, { moment: 'answer', to }, () => 0.29)).toBe(rules[0]);
    expect(chooseFault(rules, { moment: 'answer', to }, () => 0.3)).toBe(rules[1]);
    expect(chooseFault(rules, { moment: 'answer', to: other }, never)).toBe(rules[1]);
  });

  it('has each fault at exactly one moment', () => {
    expect([...everyFault].sort()).toEqual(
      faultRuleSchema.options.map(({ shape }) => shape.fault.value).sort(),
    );
  });
});

describe('the switch', () => {
  it('strikes as often as the rule counts, and is then over', () => {
    const faults = createFaultSwitch();
    faults.set([{ fault: 'too-many', count: 2 }]);
    const struck = [1, 2, 3].map(() => faults.strike('answer', to)?.fault);
    expect(struck).toEqual(['too-many', 'too-many', undefined]);
    expect(faults.rules()).toEqual([]);
  });

  it('does not count an SMS that the rule is not about', () => {
    const faults = createFaultSwitch();
    faults.set([{ fault: 'too-many', to, count: 1 }]);
    expect(faults.strike('answer', other)).toBeNull();
    expect(faults.rules()).toEqual([{ fault: 'too-many', to, count: 1 }]);
  });

  it('gives the same faults for the same seed, and about as many as the probability says', () => {
    const strikes = (seed: number): boolean[] => {
      const faults = createFaultSwitch();
      faults.set([{ fault: 'refusal', probability: 0.25 }], seed);
      return Array.from({ length: 400 }, () => faults.strike('answer', to) !== null);
    };
    expect(strikes(7)).toEqual(strikes(7));
    expect(strikes(7)).not.toEqual(strikes(8));
    const struck = strikes(7).filter(Boolean).length;
    expect(struck).toBeGreaterThan(70);
    expect(struck).toBeLessThan(130);
  });

  it('tells who listens of every change', () => {
    const faults = createFaultSwitch();
    let heard = 0;
    const end = faults.subscribe(() => (heard += 1));
    faults.set([{ fault: 'refusal', count: 1 }, { fault: 'report-lost' }]);
    faults.strike('answer', to);
    faults.strike('report', to);
    end();
    faults.set([]);
    expect(heard).toBe(2);
  });
});

describe('the buttons', () => {
  it('switch on and off again, whatever else is set', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...buttons.map(({ rule }) => rule))), (pressed) => {
        const own: FaultRule = { fault: 'report-lost', to, count: 3 };
        let rules: FaultRule[] = [own];
        for (const rule of pressed) {
          const button = buttons.find((each) => each.rule === rule)!;
          const was = isOn(rules, button);
          rules = toggled(rules, button);
          expect(isOn(rules, button)).toBe(!was);
          expect(rules).toContain(own);
        }
      }),
    );
  });

  it('lets only one fault of the answer be on, for only one can strike', () => {
    const answers = buttons.filter(({ rule }) => (faultsAt.answer as readonly string[]).includes(rule.fault));
    const rules = answers.reduce<FaultRule[]>(toggled, []);
    expect(rules).toEqual([answers.at(-1)!.rule]);
  });
});

describe('the words', () => {
  it('are others for each fault', () => {
    expect(new Set(everyFault.map((fault) => faultWords(ruleOf(fault)))).size).toBe(everyFault.length);
  });

  it('say to whom, how likely and how often', () => {
    expect(faultWords({ fault: 'refusal', to, probability: 0.5, count: 2 })).toBe(
      `refuses with 403 (to ${to}, in 50 % of cases, 2 more times)`,
    );
    expect(faultWords({ fault: 'refusal', count: 1 })).toBe('refuses with 403 (once more)');
  });
});

it('the generator gives numbers from 0 to 1, the same for a seed', () => {
  const numbers = (seed: number) => Array.from({ length: 1_000 }, seededRandom(seed));
  expect(numbers(5)).toEqual(numbers(5));
  expect(numbers(5).every((number) => number >= 0 && number < 1)).toBe(true);
});
