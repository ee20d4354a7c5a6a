import type { Figures } from '../figures';
import {
  actionsTable,
  bookingsTable,
  eventsTable,
  historyTable,
  latenessTable,
  memoryTable,
  readsTable,
} from './document-tables';
import { number } from './words';

/**
 * docs/performance.md, made from the figures of one run: nothing in it is written by hand, so that words and
 * figures cannot part. Each figure comes with what it means and what it does not.
 */
export function documentOf(figures: Figures): string {
  const { machine, quick } = figures;
  return [
    `# Performance

This file is made by \`npm run bench -- --write\`; change [bench/report](../bench/report) rather than it.
${quick ? '\n**Of a `--quick` run: the figures below mean nothing.**\n' : ''}
Everything below was measured in one run of the code of commit \`${machine.commit}\`, on the same servers, on one machine: ${machine.cores} cores, ${machine.memoryGiB} GiB of memory, Node
${machine.node}, ${machine.platform}, Temporal's dev server ${machine.temporalServer} with its state in a file, and the local database
(\`${machine.database}\`). Servers, service, bare loop and the load itself shared those cores, so the absolute figures say what this one machine
does; a cluster does more. Before the run began its load average was ${machine.loadBefore} (0: nothing else was running; more than the cores:
others held up every figure). **What can be compared is the ratio**: what the service costs more than the least that could be written.
A ratio is the service's figure divided by the other's: below 1 is good for times, events and memory, above 1 for what is done in a second.`,
    comparisons,
    bookings(figures),
    lateness(figures),
    history(figures),
    actions(figures),
    memory(figures),
    reads(figures),
    running,
    `## The figures

The last line that the bench prints, with all of them:

\`\`\`json
${JSON.stringify(figures)}
\`\`\``,
  ].join('\n\n');
}

const comparisons = `## What is compared

- **The service**: the real Express app and the real workers, each in a process of its own, with real writes to the database, encrypted payloads
  and every check of the rules. Only the SMS provider is a stand-in, and its rate limit is lifted.
- **The bare loop**: a workflow with one timer and one activity that makes one HTTP POST to the same stand-in
  ([bench/bare](../bench/bare)). No record, no check, no encryption: the floor of what Temporal itself costs.
- **The poller**: the way most do it. Rows with a time in a table; once a minute, what is due is sent and marked, one after the other
  ([bench/poller](../bench/poller)). It sends twice where it dies between the two, and asks nobody whether the meeting still stands.`;

const bookings = (figures: Figures): string => `## Bookings

${bookingsTable(figures)}

A booking is answered when its meeting is stored and its workflow has started. Before that the service has looked up the clinic's key, written
the audit row, stored the command so that it survives a crash, checked the booking against the rules, and written meeting, assessment, event and
read model in transactions. The bare loop's start is one call to Temporal. Both figures are medians of ${figures.bookings.rounds} rounds of
${figures.bookings.countPerRound} that took turns. _With its SMS_ counts until the message of the booking was handed to the provider too and that was
noted.`;

const lateness = (figures: Figures): string => {
  const { count, pollEverySeconds } = figures.lateness;
  return `## Lateness of ${number(count)} reminders at one instant

${latenessTable(figures)}

All ${number(count)} are due at the same millisecond, which is the worst that a full hour can do; what is measured is when each POST came to the
provider. _p50_: half of them came no later than that. The meetings, each of another patient, and the bare loop's timers stood ready before. For the service each reminder means: its workflow wakes up,
enters the ledger, checks consent, number, age, state and time again in a transaction, hands over, and notes the result. The bare loop only
posts. The poller's rows were due in the middle between two polls (${pollEverySeconds} s apart), so that they waited for half of that as they do on average;
due at a worse moment, all of them come ${pollEverySeconds / 2} s later.

_Early_, _missing_ and _twice_ must be 0 for the service: no reminder goes out before its instant, none is lost, nobody gets one twice (R2.7).
For a real account the provider's own limit (about 100 SMS a minute) is far below all of this.`;
};

const history = (figures: Figures): string => `## The history of a meeting

${historyTable(figures)}

One complete meeting: booked, consent given, form filled in, four SMS, staff ready, both let in, both in the room and out of it, settled as
completed, its invoice approved and accepted, the visit registered. The bytes are those of the raw history as Temporal stores it, with encrypted payloads.
A history may have 50,000 events; what counts is storage, and how long a worker takes to read a meeting again that it no longer has in memory. Four bare
loops, one for each SMS, would have ${number(4 * figures.meeting.bare.events)} events.

${eventsTable(figures)}`;

const actions = (figures: Figures): string => `## Billable actions

${actionsTable(figures)}

What Temporal Cloud would bill for the same meeting, counted in its history by the rules at the head of
[bench/measures/actions.ts](../bench/measures/actions.ts). The meeting here is one whose invoice needs an approval; one that goes out by itself after two
weekdays has a timer in place of that update.`;

const memory = (figures: Figures): string => {
  const { service } = figures.memory;
  return `## Memory of a worker

${memoryTable(figures)}

Open meetings that wait for their time, as a booked one does nearly all of its life, and the resident memory (RSS) of the worker process after its garbage was
collected in all threads. A worker keeps at most ${number(service.maxCachedWorkflows)} workflows in memory: the SDK's own choice for a heap of
${number(service.heapLimitMiB)} MiB. Those beyond it cost next to none (what the process's allocator keeps); they are read again from their history when something happens. So the line
rises to that limit and is flat after it, however many meetings are open.`;
};

const reads = (figures: Figures): string => `## Status reads

${readsTable(figures)}

\`GET /clinic/meetings/{id}\` against Express and mongoose with nothing between them, reading a document of the same ${number(figures.reads.documentBytes)}
bytes by its id. The service looks up whose key it is, decides by the table of roles, and writes an audit row before it answers (R8.2). Neither
asks Temporal.`;

const running = `## How to run it

\`\`\`sh
npm run bench                        # everything
npm run bench -- --quick             # all at once and tiny, to see that it works; its figures mean nothing
npm run bench -- --write             # makes this file
npm run bench -- --only=reads,meeting
npm run bench -- --bookings=500 --reminders=200 --memory=100,1000,3000 --heap=2048
\`\`\`

It needs what \`npm start\` needs, starts servers of its own on free ports with a temporary folder that is removed afterwards, and loads nothing but
loopback addresses. Let nothing else run meanwhile. The first line of each measure's file says what it measures:
[bench/measures](../bench/measures).`;
