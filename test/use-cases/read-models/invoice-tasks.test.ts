import { chargeTasks } from '../../../use-cases/read-models/invoice-tasks';
import type { FeeDecision } from '../../../rules/fee';
import type { TaskKind, TaskState } from '../../../rules/tasks';
import { InvoiceStateMachine } from '../../../workflows/invoice/state';
import type { Proposal } from '../../../workflows/invoice/messages';
import { after, DAY } from '../../rules/builders';

const MONDAY = '2026-11-23T09:30:00.000Z';
const LET_THROUGH = '2026-11-25T23:00:00.000Z';
const day = (n: number): string => after(MONDAY, n * DAY).toISOString();

const visitFee: FeeDecision = {
  kind: 'visit-fee',
  because: [{ rule: 'R5.2', reason: 'agreed-and-corresponds-to-a-visit' }],
  payer: 'patient',
  needsApproval: false,
};
const mustBeApproved: FeeDecision = { ...visitFee, needsApproval: true };
const proposal = (basis: number, more: Partial<Proposal> = {}): Proposal => ({
  invoiceId: `invoice-${basis}`,
  basis,
  cause: 'completed',
  decision: mustBeApproved,
  feeCode: 'physician',
  amountOre: 30000,
  letThroughAt: LET_THROUGH,
  ...more,
});

/** What happens to an invoice; each step has the number of the day as its command's id. */
const steps = {
  approve: (charge: InvoiceStateMachine, n: number) =>
    charge.approve(day(n), { ...of(charge, n), payer: null, amountOre: null }),
  waive: (charge: InvoiceStateMachine, n: number) =>
    charge.waive(day(n), { ...of(charge, n), reason: 'goodwill' }),
  object: (charge: InvoiceStateMachine, n: number) => charge.object(day(n), of(charge, n)),
  issue: (charge: InvoiceStateMachine, n: number) =>
    charge.billingAnswered(day(n), { ...of(charge, n), to: 'basis', accepted: true }),
  refuse: (charge: InvoiceStateMachine, n: number) =>
    charge.billingAnswered(day(n), { ...of(charge, n), to: 'basis', accepted: false }),
  credit: (charge: InvoiceStateMachine, n: number) =>
    charge.credit(day(n), { ...of(charge, n), reason: 'clinic-mistake' }),
  'accept the credit': (charge: InvoiceStateMachine, n: number) =>
    charge.billingAnswered(day(n), { ...of(charge, n), to: 'credit', accepted: true }),
  'refuse the credit': (charge: InvoiceStateMachine, n: number) =>
    charge.billingAnswered(day(n), { ...of(charge, n), to: 'credit', accepted: false }),
  'correct the outcome': (charge: InvoiceStateMachine, n: number) =>
    charge.propose(day(n), proposal(n, { amountOre: 20000 })),
  'seven days pass': (charge: InvoiceStateMachine, n: number) => charge.passTime(day(n + 7)),
};
type Step = keyof typeof steps;

const of = (charge: InvoiceStateMachine, n: number) => ({
  commandId: `command-${n}`,
  invoiceId: charge.snapshot().invoices.at(-1)!.invoiceId,
});

function charged(first: Proposal, ...what: Step[]): InvoiceStateMachine {
  const charge = new InvoiceStateMachine({ meetingId: 'meeting-1', startVersion: 1, charge: null });
  charge.propose(MONDAY, first);
  what.forEach((step, n) => steps[step](charge, n + 1));
  return charge;
}

/** The tasks of a kind, as occasion and state. */
const tasks = (charge: InvoiceStateMachine, kind: TaskKind): [string, TaskState][] =>
  chargeTasks(charge.snapshot()).flatMap((wish) =>
    wish.kind === kind ? [[wish.occasion, wish.state] as [string, TaskState]] : [],
  );
const openOnes = (charge: InvoiceStateMachine): string[] =>
  chargeTasks(charge.snapshot()).flatMap(({ kind, state }) => (state === 'open' ? [kind] : []));

describe('an invoice to be approved', () => {
  it('R5.7 is a task for as long as it is proposed', () => {
    const open = [['invoice-0', 'open']];
    expect(tasks(charged(proposal(0)), 'approve-invoice')).toEqual(open);
    expect(tasks(charged(proposal(0), 'seven days pass'), 'approve-invoice')).toEqual(open);
    expect(tasks(charged(proposal(0), 'object'), 'approve-invoice')).toEqual(open);
  });

  it('R5.7 is none where it goes out by itself', () => {
    expect(chargeTasks(charged(proposal(0, { decision: visitFee })).snapshot())).toEqual([]);
    expect(openOnes(charged(proposal(0, { decision: visitFee }), 'seven days pass'))).toEqual([]);
  });

  it('R5.5 is none where nothing is charged', () => {
    const free: FeeDecision = { kind: 'none', because: [], payer: null, needsApproval: false };
    expect(openOnes(charged(proposal(0, { decision: free, amountOre: 0 })))).toEqual([]);
  });

  it('R5.7 becomes one when the patient objects', () => {
    const charge = charged(proposal(0, { decision: visitFee }), 'object');
    expect(tasks(charge, 'approve-invoice')).toEqual([['invoice-0', 'open']]);
  });

  it.each<[Step[], TaskState]>([
    [['approve'], 'done'],
    [['waive'], 'done'],
    [['object', 'approve'], 'done'],
    [['correct the outcome'], 'withdrawn'],
    [['approve', 'issue', 'credit', 'accept the credit'], 'done'],
  ])('R5.7 after %j is %s', (what, state) => {
    expect(tasks(charged(proposal(0), ...what), 'approve-invoice')[0]).toEqual(['invoice-0', state]);
  });

  it('R5.7 is another for what takes its place', () => {
    expect(tasks(charged(proposal(0), 'correct the outcome'), 'approve-invoice')).toEqual([
      ['invoice-0', 'withdrawn'],
      ['invoice-1', 'open'],
    ]);
  });

  it.each<[string, Partial<Proposal>, Step[], string[]]>([
    [
      'a missed visit',
      { decision: { ...mustBeApproved, kind: 'missed-visit-fee' } },
      [],
      ['missed-visit-fee'],
    ],
    ['an amount is missing', { amountOre: null }, [], ['visit-fee', 'no-amount-in-the-fee-table']],
    [
      'the payer is open',
      { decision: { ...mustBeApproved, payer: 'staff-decides' } },
      [],
      ['visit-fee', 'payer-to-be-decided'],
    ],
    ['the patient objects', {}, ['object'], ['visit-fee', 'patient-objects']],
    [
      'all of it',
      { amountOre: null, decision: { ...mustBeApproved, payer: 'staff-decides' } },
      ['object'],
      ['visit-fee', 'no-amount-in-the-fee-table', 'payer-to-be-decided', 'patient-objects'],
    ],
  ])('R5.7 R5.9 R5.10 says why: %s', (_, more, what, because) => {
    expect(chargeTasks(charged(proposal(0, more), ...what).snapshot())).toEqual([
      {
        kind: 'approve-invoice',
        occasion: 'invoice-0',
        state: 'open',
        because,
        invoiceId: 'invoice-0',
        dueAt: null,
        reminders: 0,
        overdue: false,
      },
    ]);
  });
});

describe('an invoice that billing refused', () => {
  it('R5.8 is a task until another takes its place', () => {
    const charge = charged(proposal(0), 'approve', 'refuse');
    expect(chargeTasks(charge.snapshot()).find(({ kind }) => kind === 'invoice-refused')).toMatchObject({
      occasion: 'invoice-0:1',
      state: 'open',
      invoiceId: 'invoice-0',
      because: ['refused-by-billing'],
    });
    steps['correct the outcome'](charge, 9);
    expect(tasks(charge, 'invoice-refused')).toEqual([['invoice-0:1', 'withdrawn']]);
  });
});

describe('a credit that billing refused', () => {
  const refused: Step[] = ['approve', 'issue', 'credit', 'refuse the credit'];

  it('R5.8 is a task until it is tried again', () => {
    expect(tasks(charged(proposal(0), ...refused), 'credit-refused')).toEqual([['invoice-0:1', 'open']]);
    expect(tasks(charged(proposal(0), ...refused, 'credit'), 'credit-refused')).toEqual([
      ['invoice-0:1', 'withdrawn'],
    ]);
    const credited = charged(proposal(0), ...refused, 'credit', 'accept the credit');
    expect(tasks(credited, 'credit-refused')).toEqual([['invoice-0:1', 'withdrawn']]);
  });

  it('R5.8 refused again is another task, also where staff have seen to the first', () => {
    const charge = charged(proposal(0), ...refused, 'credit', 'refuse the credit');
    expect(tasks(charge, 'credit-refused')).toEqual([['invoice-0:2', 'open']]);
  });
});

describe('a billing that is silent', () => {
  it('R5.8 is a task until it answers', () => {
    expect(tasks(charged(proposal(0), 'approve'), 'billing-silent')).toEqual([]);
    expect(tasks(charged(proposal(0), 'approve', 'seven days pass'), 'billing-silent')).toEqual([
      ['invoice-0:1', 'open'],
    ]);
    for (const answer of ['issue', 'refuse'] as const)
      expect(tasks(charged(proposal(0), 'approve', 'seven days pass', answer), 'billing-silent')).toEqual([
        ['invoice-0:1', 'withdrawn'],
      ]);
  });

  it('R5.8 is none less for what the patient says, or for a correction, meanwhile', () => {
    for (const meanwhile of ['object', 'correct the outcome'] as const) {
      const charge = charged(proposal(0), 'approve', 'seven days pass', meanwhile);
      expect(tasks(charge, 'billing-silent')).toEqual([['invoice-0:1', 'open']]);
    }
  });

  it('R5.8 to a credit is another task', () => {
    const silentTwice: Step[] = ['approve', 'seven days pass', 'issue', 'credit', 'seven days pass'];
    expect(tasks(charged(proposal(0), ...silentTwice), 'billing-silent')).toEqual([['invoice-0:2', 'open']]);
  });
});

describe('an objection to an invoice that has gone out', () => {
  it.each<[Step[], TaskState]>([
    [['approve', 'issue', 'object'], 'open'],
    // Billing may still refuse it: nothing to decide before it has answered.
    [['approve', 'object'], 'withdrawn'],
    [['approve', 'object', 'issue'], 'open'],
    [['approve', 'object', 'refuse'], 'withdrawn'],
    [['approve', 'issue', 'object', 'credit'], 'withdrawn'],
    [['approve', 'issue', 'object', 'credit', 'refuse the credit'], 'open'],
    [['approve', 'issue', 'object', 'credit', 'accept the credit'], 'withdrawn'],
  ])('R5.7 after %j is %s', (what, state) => {
    expect(tasks(charged(proposal(0), ...what), 'objection-after-issue')).toEqual([['invoice-0:1', state]]);
  });
});

describe('every task of a charge', () => {
  const courses: Step[][] = [
    [],
    ['object'],
    ['approve', 'refuse'],
    ['approve', 'issue', 'object', 'credit', 'refuse the credit'],
    ['approve', 'seven days pass', 'object', 'issue', 'credit', 'seven days pass'],
    ['approve', 'issue', 'correct the outcome', 'accept the credit', 'approve', 'refuse'],
    ['correct the outcome', 'object', 'correct the outcome', 'approve', 'issue'],
  ];

  it.each(courses.map((what) => [what]))(
    'is one by kind and occasion, and open only about the last invoice: %j',
    (what) => {
      const charge = charged(proposal(0), ...what);
      const desired = chargeTasks(charge.snapshot());
      expect(new Set(desired.map(({ kind, occasion }) => `${kind} ${occasion}`)).size).toBe(desired.length);
      const lastId = charge.snapshot().invoices.at(-1)!.invoiceId;
      expect(desired.filter(({ state, invoiceId }) => state === 'open' && invoiceId !== lastId)).toEqual([]);
    },
  );
});
