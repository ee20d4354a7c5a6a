import { whyTask } from '../../../api/staff/frame/reasons';
import { ownProblems } from '../../../api/clinic/problems-of';
import { doubts } from '../../../use-cases/notice/doubts';
import { caps } from '../../../rules/sms-caps';
import { probeTargets } from '../../../rules/gaps';
import { takeOverReasons } from '../../../rules/meeting';
import { languages } from '../../../rules/notices';
import type { TaskKind } from '../../../rules/tasks';

/** Every reason that a task can have is told in words (R2.10, R5.6, R5.7, R6.9). */
const wishes = [
  'meeting.cancel',
  'meeting.rebook',
  'meeting.choose-offered-time',
  'meeting.note-try',
  'form.fill-in',
  'person.change',
  'person.record-sms-consent',
  'person.record-care-history-consent',
  'invoice.object',
];
const promises = wishes.flatMap((operation): [TaskKind, string[]][] =>
  [
    'given-up',
    'not-found',
    ...Object.values(ownProblems[operation] ?? {}).flatMap((types) => types ?? []),
  ].map((type) => ['not-carried-out', [operation.replaceAll('.', '-'), 'by-guardian', 'refused', type]]),
);
const single: [TaskKind, string[]][] = [
  ['doubtful-outcome', [...doubts]],
  [
    'unclear-outcome',
    [
      'clinic-and-patient-met',
      'interpreter-never-came',
      'patient-came',
      'clinic-not-there-at-the-time',
      'clinic-not-there-through-the-grace-time',
      'patient-tried-to-come-in',
      'patient-was-let-in-but-not-seen',
      'clinic-was-let-in-but-not-seen',
      'no-notice-reached-the-patient',
      'no-reminder-reached-the-patient',
      ...probeTargets.map((target) => `${target}-away`),
      'reports-refused',
      'reports-silent',
      'limit-answered',
      'error-answered',
    ],
  ],
  ['clinic-absent', ['patient-came', 'clinic-never-came', 'stated-by-staff']],
  ['consent-refused', ['care-history-consent-refused']],
  [
    'nobody-reached',
    [
      'no-phone-number',
      'no-consent',
      'consent-for-another-number',
      'guardians-number',
      'foreign-number',
      'protected-identity',
      ...caps.map((cap) => `over-cap-${cap}`),
      'late',
      'past-its-last-useful-moment',
      'delivery-report',
      'unknown',
      'failed',
    ],
  ],
  [
    'approve-invoice',
    [
      'visit-fee',
      'missed-visit-fee',
      'protected-identity',
      'no-amount-in-the-fee-table',
      'payer-to-be-decided',
      'patient-objects',
    ],
  ],
  ['invoice-refused', ['refused-by-billing']],
  ['meeting-taken-over', [...takeOverReasons]],
  ['credit-refused', ['refused-by-billing']],
  ['billing-silent', ['handed-over', 'crediting']],
  ['message-lost', ['written-by-staff', 'written-by-patient-side', 'given-up', 'refused']],
];

it.each(languages)('%s: no reason is left in machine words', (language) => {
  for (const [kind, because] of [...single, ...promises]) {
    const said = whyTask({ kind, because }, language);
    expect(said.length).toBeGreaterThan(0);
    for (const word of because.filter((each) => each.includes('-')))
      expect([kind, said.join(' ')]).not.toEqual([kind, expect.stringContaining(word)]);
    for (const sentence of said) expect(sentence).toMatch(/^[A-ZÅÄÖ].*\.$/);
    expect(said.join(' ')).not.toMatch(/Skäl:|Reason:|\(/);
  }
});

it('what only a machine can tell more of stands in brackets; what nobody knows is told as it is', () => {
  expect(whyTask({ kind: 'nobody-reached', because: ['http-503'] }, 'sv')).toEqual([
    'Det gick inte att skicka (http-503).',
  ]);
  expect(whyTask({ kind: 'unclear-outcome', because: ['constructor'] }, 'sv')).toEqual([
    'Skäl: constructor.',
  ]);
  expect(whyTask({ kind: 'register-visit', because: [] }, 'sv')).toEqual([]);
});

it('R6.9 what was promised and not done: who wanted what, and why it was not done', () => {
  const because = ['meeting-cancel', 'by-guardian', 'refused', 'started'];
  expect(whyTask({ kind: 'not-carried-out', because }, 'sv').join(' ')).toBe(
    'Vårdnadshavare ville avboka mötet, och fick veta att det var mottaget. Det gick inte att göra. Mötet hade redan börjat.',
  );
  expect(
    whyTask({ kind: 'not-carried-out', because: ['meeting-book', 'by-staff', 'given-up'] }, 'sv'),
  ).toEqual([
    'En av er ville boka ett möte, och fick veta att det var mottaget.',
    'Det gick inte på grund av ett fel hos oss.',
  ]);
});
