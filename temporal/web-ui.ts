import { inStockholm, stockholmDay } from '../rules/calendar/stockholm';
import { minutesLater, toInstant, type Instant } from '../rules/instant';
import { attributeKeys } from '../workflows/shared/search-attributes';
import { INVOICE_WORKFLOW } from '../workflows/invoice/messages';
import { CASE_WORKFLOW } from '../workflows/case/messages';
import { meetingWorkflows } from '../workflows/meeting/messages';

/** A list of workflows that administrators ask for again and again. */
export interface ReadyQuery {
  name: string;
  /** What it is for, in a few words. */
  about: string;
  query: string;
}

/** Where the Web UI is, and which namespace is ours. */
export interface WebUi {
  url: string;
  namespace: string;
}

const { blockedBy, clinic, nextDueAt, smsFailedAt, smsTrouble, startsAt } = attributeKeys;
/** Workflows that did not come to their end: somebody or an error ended them. */
export const ENDED_BY_FORCE = 'ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled")';
const running = 'ExecutionStatus = "Running"';
const type = (name: string): string => `WorkflowType = "${name}"`;
/** Those of 0.1.0 among them. */
export const ofMeetings = `WorkflowType IN (${meetingWorkflows.map((name) => `"${name}"`).join(', ')})`;
const all = (...conditions: string[]): string => conditions.join(' AND ');
const between = (name: string, from: Instant, until: Instant): string =>
  `${name} >= "${from}" AND ${name} < "${until}"`;
/** Staff are asked for something, and nothing goes on before they have done it. */
const STAFF = ['approval', 'clinic', 'registration', 'staff-decision'];
/** A workflow that is held up for longer than this is worth a look, in minutes. */
const LATE_MINUTES = 5;

/**
 * The ready queries as of now. The server knows no relative times (facts), so these hold absolute ones, and
 * are made afresh each time.
 * @param clinicId only this clinic's, or null for all
 */
export function readyQueries(now: Date, clinicId: string | null = null): ReadyQuery[] {
  const at = toInstant(now);
  const today = stockholmDay(inStockholm(now).toISODate());
  const ofClinic = clinicId === null ? [] : [`${clinic.name} = "${clinicId}"`];
  const queries: ReadyQuery[] = [
    {
      name: 'form-missing-within-the-hour',
      about: 'Starts within the hour with a form missing',
      query: all(
        ofMeetings,
        running,
        `${blockedBy.name} = "form"`,
        between(startsAt.name, at, minutesLater(at, 60)),
      ),
    },
    {
      name: 'sms-failed-today',
      about: 'An SMS failed today',
      query: all(ofMeetings, between(smsFailedAt.name, toInstant(today.from), toInstant(today.until))),
    },
    {
      name: 'waiting-for-staff',
      about: 'Waiting for staff',
      query: all(running, `${blockedBy.name} IN (${STAFF.map((word) => `"${word}"`).join(', ')})`),
    },
    {
      name: 'late',
      about: 'Late, or stuck: something was due and has not been done',
      query: all(
        running,
        `(${nextDueAt.name} < "${minutesLater(at, -LATE_MINUTES)}" OR ${smsTrouble.name} IN ("late", "overdue", "refused"))`,
      ),
    },
    {
      name: 'ended-by-force',
      about: 'Terminated, failed or timed out: nothing more comes by itself',
      query: ENDED_BY_FORCE,
    },
    {
      name: 'meetings-today',
      about: 'Meetings of today',
      query: all(ofMeetings, between(startsAt.name, toInstant(today.from), toInstant(today.until))),
    },
    {
      name: 'invoices-waiting-for-billing',
      about: 'Invoices that the clinic’s billing has not answered',
      query: all(type(INVOICE_WORKFLOW), running, `${blockedBy.name} = "billing"`),
    },
    {
      name: 'cases-waiting-for-reply',
      about: 'Message cases that wait for a reply',
      query: all(type(CASE_WORKFLOW), running, `${blockedBy.name} = "reply"`),
    },
    {
      name: 'cases-overdue',
      about: 'Message cases whose reply is overdue',
      query: all(type(CASE_WORKFLOW), running, `${blockedBy.name} = "reply-overdue"`),
    },
    {
      name: 'cases-to-be-documented',
      about: 'Message cases that are closed and not documented yet',
      query: all(type(CASE_WORKFLOW), running, `${blockedBy.name} = "documentation"`),
    },
  ];
  return queries.map((each) => ({ ...each, query: all(each.query, ...ofClinic) }));
}

/** Where the Web UI lists the workflows of our namespace; its own address alone shows those of `default`. */
export const listLink = ({ url, namespace }: WebUi): string =>
  `${url}/namespaces/${encodeURIComponent(namespace)}/workflows`;

/** Where the Web UI lists what a query finds. */
export const queryLink = (webUi: WebUi, query: string): string =>
  `${listLink(webUi)}?query=${encodeURIComponent(query)}`;

/** Where the Web UI shows one workflow. */
export const workflowLink = (webUi: WebUi, workflowId: string): string =>
  `${listLink(webUi)}/${encodeURIComponent(workflowId)}`;
