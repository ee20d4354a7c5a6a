import { Gauge, Registry } from 'prom-client';

/** What the database says of all processes together, asked for when the figures are read. */
export interface StoredFigures {
  /** SMS and e-mail that were handed over in the last 24 hours, by channel and state. */
  noticesOfLastDay: { channel: string; state: string; count: number }[];
  /** Notices that still wait and help nobody any more, so that they should have been ended. */
  noticesLeft: number;
  tasksWaiting: { kind: string; count: number }[];
  /** Message cases that wait for a reply: within their deadline, and beyond it. */
  casesWaiting: { inTime: number; overdue: number };
  /** Commands that nobody is carrying out at this moment, and how long the oldest of them has waited. */
  commandsWaiting: { count: number; oldestSeconds: number };
  /**
   * Meetings and cases with an event that is due and not sent, and for how long the oldest of them has been
   * due.
   */
  eventsWaiting: { count: number; oldestSeconds: number };
}

/** So long one reading serves: whoever asks more often costs the database nothing. */
const KEPT_MS = 15_000;

/**
 * Figures of what is stored, as Prometheus reads them. Each process that shows them shows the same: take one
 * of them, or the maximum.
 *
 * @param read reads the database
 * @returns answers with nothing where the database could not be read: no figure is better than an old one
 */
export function createStoredFigures(read: () => Promise<StoredFigures>): () => Promise<string> {
  let latest = { text: '', at: -Infinity };
  return async () => {
    if (performance.now() - latest.at < KEPT_MS) return latest.text;
    try {
      latest = { text: await textOf(await read()), at: performance.now() };
      return latest.text;
    } catch {
      return '';
    }
  };
}

async function textOf(figures: StoredFigures): Promise<string> {
  const registry = new Registry();
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name, help, labelNames, registers: [registry] });

  const notices = gauge(
    'vardmote_notices_last_day',
    'Notices handed over in the last 24 hours, by channel and the state they are in now',
    ['channel', 'state'],
  );
  for (const { channel, state, count } of figures.noticesOfLastDay) notices.set({ channel, state }, count);
  const tasks = gauge('vardmote_tasks_waiting', 'Open tasks of staff, by kind', ['kind']);
  for (const { kind, count } of figures.tasksWaiting) tasks.set({ kind }, count);

  const cases = gauge(
    'vardmote_cases_waiting',
    'Message cases that wait for a reply, by whether their deadline has passed',
    ['deadline'],
  );
  cases.set({ deadline: 'to-come' }, figures.casesWaiting.inTime);
  cases.set({ deadline: 'passed' }, figures.casesWaiting.overdue);

  const { noticesLeft, commandsWaiting, eventsWaiting } = figures;
  const waiting = [
    [
      'vardmote_notices_left_waiting',
      'Notices that are planned a minute past their last useful moment',
      noticesLeft,
    ],
    ['vardmote_commands_waiting', 'Stored commands that wait to be carried out', commandsWaiting.count],
    [
      'vardmote_commands_oldest_waiting_seconds',
      'How long the oldest stored command has waited',
      commandsWaiting.oldestSeconds,
    ],
    [
      'vardmote_event_queues_waiting',
      'Meetings and cases with an event to their PAS that is due and not sent',
      eventsWaiting.count,
    ],
    [
      'vardmote_event_queues_oldest_waiting_seconds',
      'For how long the oldest event has been due',
      eventsWaiting.oldestSeconds,
    ],
  ] as const;
  for (const [name, help, value] of waiting) gauge(name, help, []).set(value);
  return registry.metrics();
}
