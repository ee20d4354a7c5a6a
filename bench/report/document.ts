import type { Figures } from '../figures';
import {
  actionsTable,
  bookingsTable,
  eventsTable,
  fullHourTable,
  killedTable,
  latenessTable,
  meetingTable,
  memoryTable,
  readsTable,
} from './tables';
import { comparisons, costs, ratios, running } from './prose';
import { inMarkdown, number } from './words';

/**
 * docs/performance.md, made from the figures of one run: nothing in it is written by hand, so that words and
 * figures cannot part. Each figure comes with what it means and what it does not.
 */
export function documentOf(figures: Figures): string {
  const { bookings, lateness, meeting, reads, killed, fullHour, memory } = figures;
  return [
    opening(figures),
    ratios,
    comparisons,
    costs,
    section(
      'Bookings',
      inMarkdown(bookingsTable(bookings)),
      `A booking is answered when its meeting is stored and its workflow has started. Its message is not due during the test, as it is not in a clinic's
      night; _with SMS_ counts until that was handed to the provider too and noted. The rates are medians of ${bookings.rounds} rounds of
      ${bookings.countPerRound} that took turns, 32 at once. CPU counts until the work that a booking has begun is at rest.`,
    ),
    section(
      `${number(lateness.count)} reminders at one instant`,
      inMarkdown(latenessTable(lateness)),
      `All are due at the same millisecond, which is the worst that a full hour can do; what is measured is when each POST came to the provider. The
      meetings, each of another patient, and the timers stood ready before. The caps are those of production; the provider's limit is lifted, as what
      is measured is ours. The poller's rows were due in the middle between two polls (${lateness.pollEverySeconds} s apart): due at a worse moment, all of
      them come ${lateness.pollEverySeconds / 2} s later.`,
      `_Early_, _missing_ and _twice_ must be 0: no reminder goes out before its instant, none is lost, nobody gets one twice (R2.7).`,
    ),
    section(
      'The history of a meeting',
      inMarkdown(meetingTable(meeting)),
      `One complete meeting of thirty minutes, each phase at its own time, on a server that skips time ([bench/measures/walk-meeting.ts](../bench/measures/walk-meeting.ts)):
      booked the day before, consent given, form filled in, four SMS, door open, staff ready, both let in, both met, the booked end, settled as completed,
      the visit registered. Its invoice is proposed, approved or let through after two weekdays, and accepted by billing. The bytes are those of the raw
      history, with encrypted payloads. Lines with a dash count what was asked for by its name.`,
      inMarkdown(eventsTable(meeting)),
      `What Temporal Cloud would bill, by the rules at the head of [bench/measures/actions.ts](../bench/measures/actions.ts):`,
      inMarkdown(actionsTable(meeting)),
    ),
    section(
      'Status reads',
      inMarkdown(readsTable(reads)),
      `\`GET /clinic/meetings/{id}\` against Express and mongoose with nothing between them, reading a document of the same ${number(reads.documentBytes)}
      bytes by its id. The service looks up whose key it is, decides by the table of roles, and writes an audit row before it answers (R8.2). Neither asks
      Temporal.`,
    ),
    section(
      'After kill -9 of a worker',
      inMarkdown(killedTable(killed)),
      `One of two workers is killed just before a message is due at all of ${killed.meetings} meetings; counted is from the kill until the last one's POST. No
      hand-over was in hand: such a one waits for its lease, and \`npm run faults\` looks after those. Of ${killed.rounds} rounds.`,
    ),
    section(
      `${number(fullHour.meetings)} meetings at one time, ${fullHour.smsPerMinute} SMS a minute`,
      inMarkdown(fullHourTable(fullHour)),
      `All doors open at one instant, ${fullHour.usefulSeconds} s before the start, with a message that is useful until the start; then a second one is due.
      The provider takes less than that, so that much expires. Meanwhile some are cancelled. _Handed over too late_, _not sent_ and _other SMS after a
      cancellation_ must be 0; slots that were used for nothing would show as a share below 1.`,
    ),
    section(
      'Memory of a worker',
      inMarkdown(memoryTable(memory)),
      `Open meetings that wait for their time, and the resident memory (RSS) of the worker process after its garbage was collected in all threads. A worker
      keeps at most ${number(memory.service.maxCachedWorkflows)} workflows in memory: the SDK's own choice for a heap of ${number(memory.service.heapLimitMiB)} MiB.
      Those beyond are read again from their history when something happens.`,
    ),
    running,
    `## The figures\n\nAll of them, as the last line that the bench prints:\n\n\`\`\`json\n${JSON.stringify(figures)}\n\`\`\``,
  ].join('\n\n');
}

function opening({ machine, quick }: Figures): string {
  const temporal = machine.temporalKind === 'dev-server' ? "Temporal's dev server" : 'a Temporal server';
  return `# Performance

This file is made by \`npm run bench -- --write\`; change [bench/report](../bench/report) rather than it.
${quick ? '\n**Of a `--quick` run: the figures below mean nothing, but for the counts of events.**\n' : ''}
Measured in one run of the code of commit \`${machine.commit}\`, on the same servers, on one machine: ${machine.cores} cores, ${machine.memoryGiB} GiB of
memory, Node ${machine.node}, ${machine.platform}, ${temporal} ${machine.temporalServer}, database \`${machine.database}\`. Before the run began its load average
was ${machine.loadBefore}, and others used ${Math.round(machine.busyBefore * 100)} % of its cores.`;
}

/** Each paragraph is one line: what is written wraps them again. */
const section = (heading: string, ...paragraphs: string[]): string =>
  [
    `## ${heading}`,
    ...paragraphs.map((each) => (each.startsWith('|') ? each : each.replace(/\s+/g, ' '))),
  ].join('\n\n');
