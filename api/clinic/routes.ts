import { z } from 'zod';
import * as clinicBodies from '../../use-cases/clinic/bodies';
import type { FieldProblem } from '../../use-cases/command';
import * as invoiceBodies from '../../use-cases/invoice/bodies';
import * as meetingBodies from '../../use-cases/meeting/bodies';
import * as personBodies from '../../use-cases/person/bodies';
import * as staffBodies from '../../use-cases/staff/bodies';
import * as taskBodies from '../../use-cases/task/bodies';
import { FIRST_YEAR } from '../../rules/calendar-date';
import { inStockholm } from '../../rules/calendar/stockholm';
import { msOf } from '../../rules/instant';
import { taskKinds, taskStates } from '../../rules/tasks';
import type { StaffRole } from '../../rules/staff';
import type { ClinicRoute } from '../route';
import * as answers from './answers';
import * as bodies from './bodies';
import { caseRoutes, type CaseRouteDeps } from './cases';
import type { EntryDeps } from '../../use-cases/meeting/enter';
import { enterMeeting } from './entry';
import { cursor, day, instantInQuery, staffId } from '../../use-cases/fields';
import { eventRoutes, type EventRouteDeps } from './events';
import { createQuestions, type QuestionDeps } from './questions';

const everybody: readonly StaffRole[] = ['booker', 'clinician', 'operations-manager', 'system'];
const people: readonly StaffRole[] = ['booker', 'clinician', 'operations-manager'];
const managers: readonly StaffRole[] = ['operations-manager', 'system'];

const YEARS_AHEAD_MS = 2 * 366 * 24 * 3_600_000;

/**
 * The clinic's table of routes: what can be done, by whom, and whose data it touches (design, decision 10).
 */
export function clinicRoutes(deps: EntryDeps & EventRouteDeps & QuestionDeps & CaseRouteDeps): ClinicRoute[] {
  const ask = createQuestions(deps);
  return [
    {
      method: 'get',
      path: '/clinic/settings',
      operation: 'clinic.read-settings',
      summary: 'The clinic’s settings',
      roles: everybody,
      subject: 'clinic',
      answers: { 200: answers.settingsAnswer },
      handle: ask.settings,
    },
    {
      method: 'put',
      path: '/clinic/settings',
      operation: 'clinic.change-settings',
      summary: 'Replace the clinic’s settings; meetings booked before keep what they were promised',
      roles: managers,
      subject: 'clinic',
      body: clinicBodies.settingsBody,
      answers: { 200: answers.settingsAnswer },
      handle: 'clinic.change-settings',
    },
    {
      method: 'get',
      path: '/clinic/fees',
      operation: 'fees.read',
      summary: 'The clinic’s fee table, also as the file that the import takes (R5.9)',
      roles: everybody,
      subject: 'clinic',
      answers: { 200: answers.feesAnswer },
      handle: ask.fees,
    },
    {
      method: 'post',
      path: '/clinic/fees/import',
      operation: 'fees.import',
      summary: 'Replace the fee table by a CSV file, or learn all that is wrong with it (R5.9)',
      roles: managers,
      subject: 'clinic',
      body: invoiceBodies.importFeesBody,
      answers: { 200: answers.importedFeesAnswer },
      handle: 'fees.import',
    },
    {
      method: 'get',
      path: '/clinic/staff',
      operation: 'staff.list',
      summary: 'Your staff, by name (R8.7)',
      roles: everybody,
      subject: 'clinic',
      answers: { 200: answers.staffAnswer },
      handle: ask.staff,
    },
    {
      method: 'post',
      path: '/clinic/staff',
      operation: 'staff.add',
      summary: 'Record a member of staff, who can log in to the desk; patients see name and title (R8.7)',
      roles: managers,
      subject: 'clinic',
      body: staffBodies.staffMemberBody,
      answers: { 201: answers.staffMemberAnswer },
      handle: 'staff.add',
    },
    {
      method: 'put',
      path: '/clinic/staff/{memberId}',
      operation: 'staff.change',
      summary: 'Replace the record of a member of staff',
      roles: managers,
      subject: 'clinic',
      body: staffBodies.staffMemberBody,
      answers: { 200: answers.staffMemberAnswer },
      handle: 'staff.change',
    },
    {
      method: 'post',
      path: '/clinic/forms',
      operation: 'form.add',
      summary: 'Add a form',
      roles: everybody,
      subject: 'clinic',
      body: clinicBodies.addFormBody,
      answers: { 201: answers.formAnswer },
      handle: 'form.add',
    },
    {
      method: 'get',
      path: '/clinic/forms',
      operation: 'form.list',
      summary: 'The clinic’s forms',
      roles: everybody,
      subject: 'clinic',
      answers: { 200: answers.formsAnswer },
      handle: ask.forms,
    },
    {
      method: 'get',
      path: '/clinic/forms/{formId}',
      operation: 'form.read',
      summary: 'One form',
      roles: everybody,
      subject: 'clinic',
      answers: { 200: answers.formAnswer },
      handle: ask.form,
    },
    {
      method: 'post',
      path: '/clinic/people',
      operation: 'person.add',
      summary: 'Record a person: patient, guardian, relative, interpreter or guest',
      roles: everybody,
      subject: 'clinic',
      body: personBodies.addPersonBody,
      check: ({ birthDate }, now) => bornProblems(birthDate, now),
      answers: { 201: answers.personAnswer },
      handle: 'person.add',
    },
    {
      method: 'post',
      path: '/clinic/people/search',
      operation: 'person.search',
      summary: 'Find a person by number; never in an address, where it would be logged (R8.3)',
      roles: everybody,
      subject: 'clinic',
      body: bodies.findPersonBody,
      answers: { 200: answers.personAnswer },
      handle: ask.findPerson,
    },
    {
      method: 'get',
      path: '/clinic/people/{personId}',
      operation: 'person.read',
      summary: 'One person',
      roles: everybody,
      subject: 'person',
      answers: { 200: answers.personAnswer },
      handle: ask.person,
    },
    {
      method: 'patch',
      path: '/clinic/people/{personId}',
      operation: 'person.change',
      summary: 'Change name, contact ways or language; what is absent stays',
      roles: everybody,
      subject: 'person',
      body: personBodies.changePersonBody,
      answers: { 200: answers.personAnswer },
      handle: 'person.change',
    },
    {
      method: 'put',
      path: '/clinic/people/{personId}/sms-consent',
      operation: 'person.record-sms-consent',
      summary: 'Record a yes or no to SMS (R2.2)',
      roles: everybody,
      subject: 'person',
      body: personBodies.smsConsentBody,
      answers: { 200: answers.personAnswer },
      handle: 'person.record-sms-consent',
    },
    {
      method: 'put',
      path: '/clinic/people/{personId}/care-history-consent',
      operation: 'person.record-care-history-consent',
      summary: 'Record whether the clinic may see care history and medicines (R3.2)',
      roles: everybody,
      subject: 'person',
      body: personBodies.careHistoryConsentBody,
      answers: { 200: answers.personAnswer },
      handle: 'person.record-care-history-consent',
    },
    {
      method: 'get',
      path: '/clinic/people/{personId}/audit',
      operation: 'person.read-audit',
      summary: 'Who has read or changed this person’s data, newest first (R8.2)',
      roles: ['operations-manager'],
      subject: 'person',
      content: true,
      answers: { 200: answers.auditAnswer },
      handle: ask.audit,
    },
    {
      method: 'post',
      path: '/clinic/meetings',
      operation: 'meeting.book',
      summary: 'Book a meeting',
      roles: everybody,
      subject: 'people-in-body',
      body: meetingBodies.bookMeetingBody,
      check: ({ startAt }, now) => startProblems(startAt, now),
      answers: { 201: answers.changedMeetingAnswer },
      handle: 'meeting.book',
    },
    {
      method: 'get',
      path: '/clinic/meetings',
      operation: 'meeting.list',
      summary:
        'Meetings of a day, of a patient, of a reference of yours, or those that have changed; 50 a page',
      roles: everybody,
      subject: 'clinic',
      query: bodies.meetingsQuery,
      answers: { 200: answers.meetingsAnswer },
      handle: ask.meetings,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}',
      operation: 'meeting.read',
      summary: 'One meeting: where it stands and what it waits for',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.meetingAnswer },
      handle: ask.meeting,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/timeline',
      operation: 'meeting.read-timeline',
      summary: 'All that happened, each notice and each SMS with its reason (R2.7)',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.timelineAnswer },
      handle: ask.timeline,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/suitability',
      operation: 'meeting.read-suitability',
      summary: 'What was assessed before the meeting was booked, and by whom (R1.2)',
      roles: ['clinician', 'operations-manager'],
      subject: 'meeting',
      content: true,
      answers: { 200: answers.suitabilityAnswer },
      handle: ask.suitability,
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/rebook',
      operation: 'meeting.rebook',
      summary: 'Move a meeting to another time (R1.5)',
      roles: everybody,
      subject: 'meeting',
      body: meetingBodies.rebookMeetingBody,
      check: ({ startAt, receivedAt }, now) => [
        ...startProblems(startAt, now),
        ...receivedProblems(receivedAt, now),
      ],
      answers: { 200: answers.changedMeetingAnswer },
      handle: 'meeting.rebook',
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/participants/{participantId}/link',
      operation: 'meeting.read-link',
      summary: 'The link of one who gets no notices, such as a guest, for you to hand over',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.linkAnswer },
      handle: ask.link,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/claims',
      operation: 'meeting.read-claims',
      summary: 'Who has logged in with the links of invitations without an identity (R4.2)',
      roles: people,
      subject: 'meeting',
      answers: { 200: answers.claimsAnswer },
      handle: ask.claims,
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/participants/{participantId}/claim',
      operation: 'meeting.decide-claim',
      summary: 'Approve or refuse who it turned out to be (R4.2)',
      roles: people,
      subject: 'meeting',
      body: personBodies.decideClaimBody,
      answers: { 200: answers.claimsAnswer },
      handle: 'meeting.decide-claim',
    },
    {
      method: 'put',
      path: '/clinic/meetings/{meetingId}/offered-times',
      operation: 'meeting.offer-times',
      summary: 'Times that you hold free for the patient, who can move the meeting to one of them (R1.6)',
      roles: everybody,
      subject: 'meeting',
      body: meetingBodies.offerTimesBody,
      check: ({ startAts }, now) =>
        startAts.flatMap((startAt, index) =>
          startProblems(startAt, now).map((each) => ({ ...each, field: `/body/startAts/${index}` })),
        ),
      answers: { 200: answers.offeredTimesAnswer },
      handle: 'meeting.offer-times',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/cancel',
      operation: 'meeting.cancel',
      summary: 'Cancel a meeting; late or in time is judged by when it was received (R5.3)',
      roles: everybody,
      subject: 'meeting',
      body: meetingBodies.cancelMeetingBody,
      check: ({ receivedAt }, now) => receivedProblems(receivedAt, now),
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.cancel',
    },
    {
      method: 'put',
      path: '/clinic/meetings/{meetingId}/forms/{formId}/answers',
      operation: 'form.fill-in',
      summary: 'Record the answers to a form (R3.1)',
      roles: everybody,
      subject: 'meeting',
      body: clinicBodies.fillInFormBody,
      answers: { 200: answers.filledFormAnswer },
      handle: 'form.fill-in',
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/forms/{formId}/answers',
      operation: 'form.read-answers',
      summary: 'Read the answers to a form',
      roles: ['clinician', 'operations-manager'],
      subject: 'meeting',
      content: true,
      answers: { 200: answers.filledFormAnswer },
      handle: ask.filledForm,
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/entry',
      operation: 'meeting.enter',
      summary:
        'Let a participant in: the room’s address and a personal token, or every reason why not (R3.4)',
      roles: people,
      subject: 'meeting',
      body: bodies.entryBody,
      answers: { 200: answers.entryAnswer },
      handle: enterMeeting(deps),
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/outcome',
      operation: 'meeting.state-outcome',
      summary: 'State what the meeting came to, or decide an unclear one (R5.1, R5.6)',
      roles: people,
      subject: 'meeting',
      body: meetingBodies.stateOutcomeBody,
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.state-outcome',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/outcome/corrections',
      operation: 'meeting.correct-outcome',
      summary: 'Correct what a meeting came to; what is charged follows it (R5.1, R5.8)',
      roles: people,
      subject: 'meeting',
      body: meetingBodies.correctOutcomeBody,
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.correct-outcome',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/confirmations',
      operation: 'meeting.confirm-readiness',
      summary: 'Confirm that the clinic is ready, and at the start that all present are entitled (R4.7)',
      roles: people,
      subject: 'meeting',
      body: meetingBodies.confirmReadinessBody,
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.confirm-readiness',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/tries',
      operation: 'meeting.note-try',
      summary: 'Note that somebody told you that they cannot get in: a sign that the patient tried (R5.6)',
      roles: everybody,
      subject: 'meeting',
      body: meetingBodies.noteTryBody,
      check: ({ receivedAt }, now) => receivedProblems(receivedAt, now),
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.note-try',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/registration',
      operation: 'meeting.register-visit',
      summary: 'Say that the visit is registered in PAS and journal; the reminders end (R5.11)',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.meetingAnswer },
      handle: 'meeting.register-visit',
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/invoices',
      operation: 'meeting.read-invoices',
      summary: 'What is proposed and has been charged, by which rules, and who decided (R5.7)',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.invoicesAnswer },
      handle: ask.invoices,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/costs',
      operation: 'meeting.read-costs',
      summary: 'A dry run: what the meeting would cost, whatever becomes of it, and by which rules',
      roles: everybody,
      subject: 'meeting',
      query: z.strictObject({ at: instantInQuery.optional() }),
      answers: { 200: answers.costsAnswer },
      handle: ask.costs,
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/tasks',
      operation: 'meeting.read-tasks',
      summary: 'What staff are and were asked to do about a meeting',
      roles: everybody,
      subject: 'meeting',
      answers: { 200: answers.tasksAnswer },
      handle: ask.tasksOfMeeting,
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/approve',
      operation: 'invoice.approve',
      summary: 'Approve an invoice: it goes to your billing (R5.7)',
      roles: people,
      subject: 'invoice',
      body: invoiceBodies.approveInvoiceBody,
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.approve',
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/waive',
      operation: 'invoice.waive',
      summary: 'Waive a proposed invoice (R5.7)',
      roles: people,
      subject: 'invoice',
      body: invoiceBodies.waiveInvoiceBody,
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.waive',
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/objection',
      operation: 'invoice.object',
      summary: 'The patient objects: it goes out only when staff approve it (R5.7)',
      roles: everybody,
      subject: 'invoice',
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.object',
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/billing-answer',
      operation: 'invoice.answer',
      summary: 'Your billing accepts or refuses what it was handed (R5.8)',
      roles: everybody,
      subject: 'invoice',
      body: invoiceBodies.answerInvoiceBody,
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.answer',
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/credit',
      operation: 'invoice.credit',
      summary: 'Have an issued invoice credited',
      roles: people,
      subject: 'invoice',
      body: invoiceBodies.waiveInvoiceBody,
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.credit',
    },
    {
      method: 'post',
      path: '/clinic/invoices/{invoiceId}/replace',
      operation: 'invoice.replace',
      summary:
        'Have an invoice made anew by the rules and tables of now; an issued one is credited first (R5.8)',
      roles: people,
      subject: 'invoice',
      answers: { 200: answers.invoicesAnswer },
      handle: 'invoice.replace',
    },
    {
      method: 'get',
      path: '/clinic/billing-file',
      operation: 'billing.read-file',
      summary: 'What your billing was handed on some days, as a file (CSV)',
      roles: managers,
      subject: 'clinic',
      query: z.strictObject({ from: day, until: day }).refine(({ from, until }) => from <= until, {
        path: ['until'],
        message: 'must not be before from',
      }),
      contentTypes: ['text/csv'],
      answers: { 200: answers.csvAnswer },
      handle: ask.billingFile,
    },
    {
      method: 'get',
      path: '/clinic/tasks',
      operation: 'task.list',
      summary: 'What staff are asked to do, by when; 50 a page',
      roles: everybody,
      subject: 'clinic',
      query: z.strictObject({
        state: z.enum(taskStates).default('open'),
        kind: z.enum(taskKinds).optional(),
        assignedTo: staffId.optional(),
        cursor,
      }),
      answers: { 200: answers.tasksAnswer },
      handle: ask.tasks,
    },
    {
      method: 'put',
      path: '/clinic/tasks/{taskId}/assignment',
      operation: 'task.assign',
      summary: 'Give a task to a member of staff, or to nobody',
      roles: people,
      subject: 'task',
      body: taskBodies.assignTaskBody,
      answers: { 200: answers.taskAnswer },
      handle: 'task.assign',
    },
    {
      method: 'post',
      path: '/clinic/tasks/{taskId}/done',
      operation: 'task.finish',
      summary: 'Say that a task is done, and what came of it',
      roles: people,
      subject: 'task',
      body: taskBodies.finishTaskBody,
      answers: { 200: answers.taskAnswer },
      handle: 'task.finish',
    },
    ...caseRoutes(deps),
    ...eventRoutes(deps),
  ];
}

/** A booked time is ahead, and not so far that it must be a slip of the pen. */
export function startProblems(startAt: string, now: Date): FieldProblem[] {
  const aheadMs = msOf(startAt) - now.getTime();
  if (aheadMs <= 0)
    return [{ field: '/body/startAt', reason: 'in-the-past', message: 'must be in the future' }];
  return aheadMs > YEARS_AHEAD_MS
    ? [{ field: '/body/startAt', reason: 'too-far-ahead', message: 'must be within two years' }]
    : [];
}

/** A birth date has been, and is of somebody who can live. */
export function bornProblems(birthDate: string | null, now: Date): FieldProblem[] {
  const field = '/body/birthDate';
  if (birthDate === null) return [];
  if (birthDate > inStockholm(now).toISODate()) {
    return [{ field, reason: 'in-the-future', message: 'must not be in the future' }];
  }
  return birthDate < `${FIRST_YEAR}-01-01`
    ? [{ field, reason: 'too-long-ago', message: `must be of the year ${FIRST_YEAR} or later` }]
    : [];
}

/**
 * What staff state as the time of receipt is past: a wish cannot be received later than it is entered (R1.5).
 */
function receivedProblems(receivedAt: string | null, now: Date): FieldProblem[] {
  return receivedAt !== null && msOf(receivedAt) > now.getTime()
    ? [{ field: '/body/receivedAt', reason: 'in-the-future', message: 'must not be in the future' }]
    : [];
}
