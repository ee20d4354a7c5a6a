import { z } from 'zod';
import { stylesheet } from '../../api/frame/stylesheet';
import { renderPage } from '../../api/pages/page';
import { inStockholm } from '../../rules/calendar/stockholm';
import type { Mood } from './receive';
import type { ReceivedEvent } from './store';

/** What an event says. With a signature that does not hold it can be anything, and is shown all the same. */
const told = z.object({
  type: z.string().catch('not an event'),
  subject: z.string().catch('unknown'),
  sequence: z.number().catch(0),
  data: z.record(z.string(), z.unknown()).catch({}),
});

/** The whole page: every meeting's events in their order, the meeting that was heard of last first. */
export function receiverPage(view: { base: string; events: ReceivedEvent[]; mood: Mood }): string {
  const { base, events, mood } = view;
  return renderPage({
    language: 'en',
    title: 'Events to the PAS',
    stylesheets: [stylesheet, `${base}/receiver.css`],
    scripts: [`${base}/receiver.js`],
    children: (
      <>
        <header class="container">
          <nav aria-label="Back">
            <a href="/">← Start page</a>
          </nav>
          <h1>Events to the PAS</h1>
          <p>
            This plays the clinic’s own system at the other end of its webhook. It checks each event’s
            signature with the verifier of the library <code>standardwebhooks</code>, and knows a repetition
            by its id.
          </p>
          <Moods base={base} mood={mood} />
        </header>
        <main class="container">
          {/* No white space inside the empty list: the style tells by :empty whether there is anything. */}
          <div id="meetings" role="log" aria-label="Events by meeting">
            {meetingsOf(events).map((meeting) => (
              <Meeting key={meeting.subject} {...meeting} />
            ))}
          </div>
          <p class="nothing">No event has come yet. It will show up here by itself.</p>
        </main>
      </>
    ),
  });
}

const moodWords: Record<Mood, string> = {
  takes: 'Take events',
  slow: 'Be slow: 10 seconds for each',
  refuses: 'Refuse: answer 500',
};

/** Each button is a form's, so that they work without a script. */
function Moods({ base, mood }: { base: string; mood: Mood }) {
  return (
    <div class="moods" id="moods">
      {Object.entries(moodWords).map(([each, words]) => (
        <form method="post" action={`${base}/mood/${each}`} key={each}>
          <button
            type="submit"
            id={`mood-${each}`}
            class={each === mood ? undefined : 'secondary outline'}
            aria-pressed={each === mood}
          >
            {words}
          </button>
        </form>
      ))}
      <form method="post" action={`${base}/tamper`}>
        <button type="submit" id="tamper" class="secondary outline">
          Tamper with the newest one
        </button>
      </form>
    </div>
  );
}

function Meeting({ subject, events }: { subject: string; events: ReceivedEvent[] }) {
  const id = `meeting-${subject}`;
  return (
    <section id={id} aria-labelledby={`${id}-name`}>
      <h2 id={`${id}-name`}>
        <a href={`/?meeting=${encodeURIComponent(subject)}`}>{subject}</a>
      </h2>
      <ol>
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </section>
  );
}

function Event({ event }: { event: ReceivedEvent }) {
  const { eventId, receivedAt, body, signature, times, answered } = event;
  const says = read(body);
  const time = inStockholm(new Date(receivedAt)).toFormat('HH:mm:ss');
  return (
    <li id={`event-${event.id}`}>
      <p>
        <span class="sequence">{says.sequence}</span> <strong>{says.type}</strong> {stateOf(says)}{' '}
        <time dateTime={receivedAt}>{time}</time>
      </p>
      <p class="notes">
        {signature === 'holds' ? (
          <span class="holds">signature holds</span>
        ) : (
          <span class="refused">signature refused: {signature}</span>
        )}
        {answered === null && <> · taking its time</>}
        {answered !== null && answered >= 300 && <> · answered {answered}</>}
        {times > 1 && <> · came {times} times</>}
      </p>
      <details>
        <summary>As it came</summary>
        <p class="notes">webhook-id {eventId}</p>
        <pre>
          <code>{body}</code>
        </pre>
      </details>
    </li>
  );
}

/** What of its data says most. */
const stateOf = ({ data }: z.infer<typeof told>): string =>
  [data.outcome, data.kind, data.outcome ? null : data.state]
    .filter((each) => typeof each === 'string')
    .join(', ');

/**
 * The events by meeting: a Map keeps the order in which its keys came, and one taken out and put in again
 * comes last.
 */
function meetingsOf(events: ReceivedEvent[]): { subject: string; events: ReceivedEvent[] }[] {
  const bySubject = new Map<string, ReceivedEvent[]>();
  for (const event of events) {
    const { subject } = read(event.body);
    const ofSubject = bySubject.get(subject) ?? [];
    ofSubject.push(event);
    bySubject.delete(subject);
    bySubject.set(subject, ofSubject);
  }
  return Array.from(bySubject, ([subject, ofSubject]) => ({ subject, events: ofSubject })).reverse();
}

function read(body: string): z.infer<typeof told> {
  try {
    return told.catch(told.parse({})).parse(JSON.parse(body));
  } catch {
    return told.parse({});
  }
}
