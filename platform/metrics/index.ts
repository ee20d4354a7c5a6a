import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The service's own figures, for Prometheus. Labels are words of ours (kinds, states, reasons, routes'
 * patterns) and never an id. An id of a meeting or person would be pseudonymous data. An id of a clinic would
 * make too many series. The logs tell which clinic it was.
 */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

const registers = [registry];

/** How long requests took, by the pattern of their route and never the address. */
export const httpDuration = new Histogram({
  name: 'vardmote_http_request_duration_seconds',
  help: 'Time to answer a request, by the pattern of its route',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

/** Commands that were carried out, or could not be yet (503), by operation. */
export const commandsCarriedOut = new Counter({
  name: 'vardmote_commands_total',
  help: 'Commands carried out, by operation and status of the answer; 503 waits and is tried again',
  labelNames: ['operation', 'status'] as const,
  registers,
});

/** R3.4 */
export const entriesRefused = new Counter({
  name: 'vardmote_entries_refused_total',
  help: 'Entries to a room that were refused, by reason; one try can have several',
  labelNames: ['reason'] as const,
  registers,
});

/** R5.6 */
export const reportsRefused = new Counter({
  name: 'vardmote_jitsi_reports_refused_total',
  help: 'Reports to the address of Jitsi’s that came without its secret: is JITSI_EVENTS_SECRET the same on both sides?',
  registers,
});

/** R5.6 */
export const silentMeetings = new Counter({
  name: 'vardmote_silent_meetings_total',
  help: 'Meetings whose outcome was decided although people had been let in and Jitsi had reported nobody; a try that is repeated counts again',
  registers,
});

/** R5.6; design, decision 15 */
export const gapsFound = new Counter({
  name: 'vardmote_gaps_total',
  help: 'Times of a minute or more in which what patients need did not answer: over them nobody is a no-show',
  labelNames: ['kind'] as const,
  registers,
});

/** R5.1 */
export const outcomes = new Counter({
  name: 'vardmote_outcomes_total',
  help: 'What meetings came to, as decided first or stated since; corrections are not counted',
  labelNames: ['outcome'] as const,
  registers,
});

/** R6.3 */
export const replyDeadlines = new Counter({
  name: 'vardmote_reply_deadlines_total',
  help: 'Reply deadlines of message cases, by what became of them: answered (late or not), breached; withdrawn where a reply had been received in time after all',
  labelNames: ['result'] as const,
  registers,
});

/** R2.7 */
export const noticeSteps = new Counter({
  name: 'vardmote_notice_steps_total',
  help: 'Steps of notices to a state, by what the ledger saw in this process; failed, unknown and expired ones want to be looked at',
  labelNames: ['state'] as const,
  registers,
});

/** R2.1, R2.6 */
export const noticeLateness = new Histogram({
  name: 'vardmote_notice_lateness_seconds',
  help: 'How long after it was due a notice was handed over to the provider or the mail server',
  labelNames: ['kind'] as const,
  buckets: [1, 2, 5, 10, 30, 60, 120, 300, 900, 1800, 3600],
  registers,
});

/** Checks of readiness: 1 where the thing answers. */
export const checkPassed = new Gauge({
  name: 'vardmote_check_passed',
  help: 'Whether what the process needs answered when it was last looked at: 1 or 0',
  labelNames: ['check'] as const,
  registers,
});

/** Positive where the database's clock is ahead of ours. */
export const clockDrift = new Gauge({
  name: 'vardmote_clock_drift_seconds',
  help: 'How far the database’s clock is ahead of this machine’s, when last looked at',
  registers,
});

/** Money left at 46elks: without it no SMS goes. */
export const accountBalance = new Gauge({
  name: 'vardmote_sms_account_balance',
  help: 'What is left on the account at 46elks, in ten-thousandths of its currency, when last looked at',
  registers,
});
