import type { ProblemType } from '../../use-cases/problem-types';
import { fileRefusals } from '../../rules/files';
import { staffRoles } from '../../rules/staff';
import type { ClinicRoute } from '../route';

/** Types of problems by the status that they come with. */
export type Problems = Partial<Record<number, readonly ProblemType[]>>;

/**
 * Every problem that an operation answers: what follows from how its row is made, and its own. The tests hold
 * each answer of the API to it (test/support/declared-answers.ts).
 */
export function problemsOf(route: ClinicRoute): Problems {
  const all = new Map<number, Set<ProblemType>>();
  for (const problems of [
    ofEveryRoute,
    bySubject(route),
    byContent(route),
    byRequest(route),
    ownProblems[route.operation] ?? {},
  ]) {
    for (const [status, types] of Object.entries(problems)) {
      const known = all.get(Number(status)) ?? new Set();
      for (const type of types ?? []) known.add(type);
      all.set(Number(status), known);
    }
  }
  return Object.fromEntries([...all].map(([status, types]) => [status, [...types]]));
}

const ofEveryRoute: Problems = {
  400: [
    'acting-staff-missing',
    'acting-role-missing',
    'wrong-acting-staff',
    'wrong-acting-role',
    'wrong-acting-reason',
    'wrong-input',
    'unreadable-request',
    'unreadable-json',
  ],
  401: ['wrong-key'],
  408: ['too-slow'],
  413: ['body-too-large'],
  415: ['unsupported-content-type', 'unsupported-encoding'],
  429: ['too-many-requests'],
  500: ['internal'],
  503: ['database-away', 'busy'],
};

/** Whose data it is has to be there; a list has nobody's, and people in a body are named by fields. */
const bySubject = ({ subject, roles }: ClinicRoute): Problems => ({
  ...(roles.length < staffRoles.length ? { 403: ['role-not-allowed'] } : {}),
  ...(subject === 'clinic' || subject === 'people-in-body' ? {} : { 404: ['not-found'] }),
});

const byContent = ({ content, roles }: ClinicRoute): Problems => {
  if (!content) return {};
  return {
    403: [
      ...(roles.includes('operations-manager') ? (['reason-missing'] as const) : []),
      ...(roles.includes('clinician') ? (['not-your-patient'] as const) : []),
    ],
  };
};

function byRequest({ handle, method, check, upload }: ClinicRoute): Problems {
  if (typeof handle !== 'string') return {};
  return {
    ...(method === 'post' ? { 400: ['idempotency-key-missing', ...(upload ? uploadUnreadable : [])] } : {}),
    409: ['command-under-way'],
    ...(upload ? { 413: ['body-too-large', 'too-large'] } : {}),
    422: [
      'idempotency-key-reused',
      ...(check ? (['wrong-input'] as const) : []),
      ...(upload ? fileRefusals.filter((refusal) => refusal !== 'too-large') : []),
    ],
    500: ['given-up'],
    503: ['not-carried-out-yet', ...(upload ? (['scanner-away', 'pictures-away'] as const) : [])],
  };
}
const uploadUnreadable = ['unreadable-upload'] as const;

/** A change of a meeting that is not over yet. */
const changesTime = ['cancelled', 'ended', 'under-way', 'overtaken', 'started', 'moved-meanwhile'] as const;
/** What is asked of one invoice, which may not be the last of its time. */
const ofInvoice = ['no-such-invoice', 'replaced'] as const;

/** By operation: what no part of its row tells. */
export const ownProblems: Record<string, Problems> = {
  'clinic.change-settings': { 422: ['picture-too-large', 'picture-unreadable'] },
  'fees.import': { 409: ['overtaken'], 422: ['wrong-fee-table'] },
  'form.read': { 404: ['not-found'] },
  'form.fill-in': { 422: ['unknown-form', 'wrong-answers'] },
  'person.add': { 409: ['person-known'], 422: ['foreign-number', 'missing'] },
  'person.search': { 404: ['not-found'] },
  'person.change': { 409: ['overtaken'], 422: ['foreign-number'] },
  'person.record-care-history-consent': { 422: ['not-entitled'] },
  'person.stop-guardian': { 422: ['unknown-person', 'not-entitled'] },
  'person.replace-identity': { 409: ['overtaken', 'person-known'], 422: ['missing'] },
  'meeting.book': {
    422: [
      'unknown-person',
      'unknown-fee-code',
      'unknown-form',
      'person-twice',
      'guardian-stopped',
      'not-asked-here',
      'not-suitable',
    ],
  },
  'meeting.rebook': {
    409: [...changesTime, 'moved-too-often', 'time-passed'],
    422: ['before-the-booking', 'time-not-moved'],
  },
  'meeting.cancel': { 409: changesTime, 422: ['before-the-booking'] },
  'meeting.decide-claim': {
    409: ['decided-already', 'meeting-over', 'person-twice', 'claimed-already', 'guardian-stopped'],
    422: ['unknown-claim'],
  },
  'meeting.offer-times': { 409: ['ended'] },
  'meeting.enter': {
    409: ['moved-meanwhile'],
    422: ['unknown-participant'],
    503: ['temporal-away', 'workflows-do-not-answer'],
  },
  'meeting.state-outcome': {
    409: ['cancelled', 'ended', 'moved-meanwhile', 'under-way', 'too-early'],
    422: ['does-not-suit-the-person'],
  },
  'meeting.correct-outcome': {
    409: ['not-ended', 'unclear', 'corrected-meanwhile', 'corrected-too-often'],
    422: ['does-not-suit-the-person', 'nothing-changes'],
  },
  'meeting.take-over': {
    403: ['not-your-meeting'],
    409: ['cancelled', 'ended', 'taken-over-meanwhile', 'taken-over-too-often'],
    422: ['unknown-participant', 'nothing-changes', 'person-twice', 'staff-left'],
  },
  'meeting.confirm-readiness': { 409: ['ended'] },
  'meeting.note-try': { 422: ['unknown-participant'] },
  'meeting.register-visit': {
    409: ['cancelled', 'ended', 'moved-meanwhile', 'too-early', 'nothing-to-register'],
  },
  'meeting.read-costs': { 409: ['moved-meanwhile'] },
  'meeting.write-chat': {
    403: ['not-entitled'],
    409: ['too-early', 'ended', 'cancelled'],
    422: ['unknown-file'],
  },
  'invoice.approve': {
    409: [
      ...ofInvoice,
      'not-proposed',
      'needs-no-approval',
      'payer-missing',
      'payer-is-decided',
      'amount-missing',
    ],
  },
  'invoice.waive': { 409: [...ofInvoice, 'not-proposed'] },
  'invoice.object': { 409: [...ofInvoice, 'objected-already', 'not-issued'] },
  'invoice.answer': { 409: [...ofInvoice, 'not-handed-over'] },
  'invoice.credit': { 409: [...ofInvoice, 'waits-for-billing', 'not-issued'] },
  'invoice.replace': { 409: [...ofInvoice, 'waits-for-billing', 'nothing-changes', 'too-many-invoices'] },
  'billing.read-file': { 422: ['too-much'] },
  'staff.add': { 409: ['staff-known'] },
  'staff.change': { 404: ['not-found'], 409: ['staff-known', 'overtaken'] },
  'task.assign': { 409: ['not-open', 'assigned-meanwhile'] },
  'task.finish': { 409: ['not-open', 'done-elsewhere'] },
  'case.open': { 422: ['unknown-person', 'not-entitled', 'person-twice', 'guardian-stopped'] },
  'case.assign': { 403: ['not-your-case'], 409: ['assigned-meanwhile', 'ended'] },
  'case.write': { 409: ['closed', 'ended'], 422: ['unknown-file'] },
  'case.close': { 409: ['closed', 'ended'] },
  'case.document': {
    409: ['ended', 'not-closed', 'documented-already'],
    422: ['in-the-future', 'before-the-case', 'pictures-not-handled'],
  },
  'webhook.rotate-secret': { 409: ['no-webhook', 'overtaken'] },
  'event.replay': { 409: ['no-webhook'] },
};
