import type { ComponentChildren } from 'preact';
import { stylesheet } from '../../api/frame/stylesheet';
import { renderPage } from '../../api/pages/page';
import { inStockholm } from '../../rules/calendar/stockholm';
import { demo } from '../demo-clinic';
import { Phone } from '../outbox/phones';
import type { OutboxMessage } from '../outbox/store';
import { LiveCase, type LiveCaseView } from './live-case';
import { waitsForApproval, type Action, type DemoView, type ShownMeeting } from './demo-meetings';

/** What the home page shows beside a meeting. */
export interface HomeView {
  apiUrl: string;
  /** Temporal's Web UI, at our namespace. */
  webUiUrl: string | null;
  bookingCommand: string;
  /** Ready lists of workflows in the Temporal Web UI. */
  lists: { about: string; url: string }[];
  /** What came of the last button, in words. */
  said: string | null;
  meeting: (DemoView & { sms: OutboxMessage[]; workflowUrl: string | null }) | null;
  /** Instead of a meeting. */
  case: LiveCaseView | null;
  now: Date;
}

/** The whole home page. */
export function homePage(view: HomeView): string {
  return renderPage({
    language: 'en',
    title: 'vardmote on this machine',
    stylesheets: [stylesheet, '/outbox/outbox.css', '/home.css'],
    scripts: ['/home.js'],
    children: (
      <>
        <header class="container">
          <h1>vardmote</h1>
          <p>
            Digital care meetings, each a durable workflow. Everything here is real but the SMS provider, the
            mail server, e-identification and the video room, which have stand-ins; no message leaves this
            machine.
          </p>
          <nav aria-label="Where things are">
            <ul>
              <li>
                <a href={`${view.apiUrl}/desk`}>The clinic’s desk</a>
              </li>
              <li>
                <a href="/outbox">SMS outbox</a>
              </li>
              <li>
                <a href="/mail">Mailboxes</a>
              </li>
              <li>
                <a href="/receiver">Events to the PAS</a>
              </li>
              <li>
                <a href="/parts">Parts of pages</a>
              </li>
              <li>
                <a href={`${view.apiUrl}/docs`}>API docs</a>
              </li>
              {view.webUiUrl && (
                <li>
                  <a href={view.webUiUrl}>Temporal Web UI</a>
                </li>
              )}
            </ul>
          </nav>
          <form method="post" action="/demo">
            <button type="submit">Book a demo meeting</button>
            <small>
              It starts in three minutes and its whole life passes in about five. Open the link in its SMS and
              be the patient yourself, or let the buttons do what people would do.
            </small>
          </form>
          <form method="post" action="/demo-to-log-in">
            <button type="submit" class="secondary">
              Book one to log in to
            </button>
            <small>The same for Tolvan Tolvansson, who stays the same person from meeting to meeting.</small>
          </form>
          <form method="post" action="/demo-case">
            <button type="submit" class="secondary">
              Open a message case
            </button>
            <small>
              The clinic writes to Tolvan Tolvansson; what he answers is to be replied to in time.
            </small>
          </form>
        </header>
        <main class="container">
          {view.meeting && <LiveMeeting {...view} meeting={view.meeting} />}
          {view.case && <LiveCase shown={view.case} said={view.said} />}
          {!view.meeting && !view.case && (
            <p role="status" class="said">
              {view.said}
            </p>
          )}
          {view.lists.length > 0 && (
            <details>
              <summary>What administrators look for in the Temporal Web UI</summary>
              <ul>
                {view.lists.map(({ about, url }) => (
                  <li key={about}>
                    <a href={url}>{about}</a>
                  </li>
                ))}
              </ul>
            </details>
          )}
          <details>
            <summary>Or book one from a shell</summary>
            <pre>
              <code>{view.bookingCommand}</code>
            </pre>
          </details>
        </main>
      </>
    ),
  });
}

function LiveMeeting({
  meeting: shown,
  said,
  now,
}: HomeView & { meeting: NonNullable<HomeView['meeting']> }) {
  const { meeting, invoices, tasks, sms, workflowUrl, mobile, canLogIn } = shown;
  const who = meeting.patientId === demo.patientId ? 'Tolvan Tolvansson' : 'Demopatienten';
  const openTasks = tasks.filter((task) => task.state === 'open');
  const words = stateWords[meeting.state];
  return (
    <div
      id="live"
      data-meeting={meeting.meetingId}
      data-over={meeting.outcome && invoices.length > 0 ? 'yes' : 'no'}
    >
      <section aria-labelledby="state">
        <h2 id="state">
          <span class="meeting-state">{words?.name ?? meeting.state}</span>
          {meeting.outcome && <> {meeting.outcome.outcome.replaceAll('-', ' ')}</>}
        </h2>
        {words && <p>{words.means}</p>}
        <p>
          {meeting.outcome ? (
            <>
              Agreed for <strong>{clock(meeting.startAt)}</strong> to {clock(meeting.endAt)}
            </>
          ) : (
            <>
              Starts <strong>{clock(meeting.startAt)}</strong> ({away(meeting.startAt, now)}), ends{' '}
              {clock(meeting.endAt)}
            </>
          )}
          {meeting.startVersion > 1 && <>, moved {meeting.startVersion - 1} time(s)</>}.{' '}
          {workflowUrl && <a href={workflowUrl}>Its workflow in the Temporal Web UI</a>}
        </p>
        <p role="status" class="said" tabIndex={-1}>
          {said}
        </p>
      </section>
      <div class="columns">
        <div>
          <section aria-labelledby="waits">
            <h3 id="waits">What it waits for</h3>
            {meeting.waitingFor.length === 0 ? (
              <p>Nothing more.</p>
            ) : (
              <ul>
                {inOrder(meeting.waitingFor).map(({ what, until, notice }) => (
                  <li key={what + (notice ?? '')}>
                    {waitingWords(what, notice)}
                    {until && <span class="muted">{whenWords(what, away(until, now))}</span>}
                  </li>
                ))}
              </ul>
            )}
          </section>
          {!meeting.outcome && <People meeting={meeting} />}
          {openTasks.length > 0 && (
            <section aria-labelledby="tasks">
              <h3 id="tasks">What staff are asked to do</h3>
              <ul>
                {openTasks.map((task) => (
                  <li key={task.kind}>
                    {taskWords(task.kind)}
                    <span class="muted">
                      {' '}
                      {[
                        ...(task.because ?? []).map(plain),
                        `by ${inStockholm(new Date(task.dueAt)).toFormat('ccc HH:mm')}`,
                      ].join(', ')}
                    </span>
                  </li>
                ))}
              </ul>
              <div class="acts">
                {openTasks.some((task) => task.kind === 'register-visit') && (
                  <Act meeting={meeting} action="register" label="The visit is registered" />
                )}
                {invoices.some(waitsForApproval) && (
                  <Act meeting={meeting} action="approve" label="Approve the invoice" />
                )}
              </div>
            </section>
          )}
          {invoices.length > 0 && (
            <section aria-labelledby="fee">
              <h3 id="fee">What is charged</h3>
              <ul>
                {invoices.map((invoice) => (
                  <li key={invoice.invoiceId}>
                    <strong>{feeWords(invoice.kind, invoice.amountOre)}</strong>
                    {invoice.payer && <>, paid by {invoice.payer}</>}, {invoiceWords(invoice)}
                    <span class="muted">
                      {' '}
                      {invoice.because
                        .map(({ rule, reason }) => `${reason.replaceAll('-', ' ')} (${rule})`)
                        .join('; ')}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section aria-labelledby="timeline">
            <h3 id="timeline">What has happened</h3>
            <ol class="timeline" reversed>
              {entries(shown).map(({ at, text }) => (
                <li key={at + text}>
                  <time dateTime={at}>{clock(at)}</time> {text}
                </li>
              ))}
            </ol>
          </section>
        </div>
        <section aria-label="The patient’s phone">
          <ul class="phones">
            <Phone number={mobile} messages={sms} nobodys={!canLogIn} />
          </ul>
          {canLogIn ? (
            <p>
              <small>
                Be the patient yourself: open the link, and log in as <em>{who}</em> with the stand-in for
                e-identification.
              </small>
            </p>
          ) : (
            <div class="acts">
              <Act meeting={meeting} action="be-patient" label="Be this patient" quiet />
              <small>One can be the patient of one demo meeting at a time.</small>
            </div>
          )}
        </section>
      </div>
    </div>
  );
}

/** Buttons for what people would do; each is a form, so that they work without a script. */
function People({ meeting }: { meeting: ShownMeeting }) {
  const { gates } = meeting;
  return (
    <section aria-labelledby="people">
      <h3 id="people">What people do</h3>
      <p class="muted">
        Be the patient and the clinic: each button does what that person would do, over the API.
      </p>
      <Group name="Patient">
        {!gates.consentGiven && <Act meeting={meeting} action="consent" label="Consents" />}
        {!gates.consentGiven && <Act meeting={meeting} action="refuse-consent" label="Says no" quiet />}
        {gates.formsMissing.length > 0 && <Act meeting={meeting} action="form" label="Fills in the form" />}
        <Act meeting={meeting} action="patient-comes" label="Comes into the room" />
        <Act meeting={meeting} action="patient-leaves" label="Leaves" quiet />
        <Act meeting={meeting} action="cancel" label="Cancels" quiet />
      </Group>
      <Group name="Clinic">
        {!meeting.clinicReady && (
          <Act meeting={meeting} action="staff-confirms" label="Confirms that it is ready" />
        )}
        <Act meeting={meeting} action="staff-comes" label="Comes into the room" />
        <Act meeting={meeting} action="staff-leaves" label="Leaves" quiet />
        <Act meeting={meeting} action="move" label="Moves it" quiet />
      </Group>
    </section>
  );
}

function Group({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section class="people" aria-labelledby={`people-${name}`}>
      <strong id={`people-${name}`}>{name}</strong>
      <div>{children}</div>
    </section>
  );
}

function Act(props: { meeting: ShownMeeting; action: Action; label: string; quiet?: boolean }) {
  return (
    <form
      method="post"
      action={`/demo/${props.meeting.meetingId}/${props.action}`}
      id={`form-${props.action}`}
    >
      <button type="submit" id={`act-${props.action}`} class={props.quiet ? 'secondary outline' : undefined}>
        {props.label}
      </button>
    </form>
  );
}

const stateWords: Record<string, { name: string; means: string }> = {
  booked: {
    name: 'Booked',
    means:
      'The patient has yet to consent or to fill in the form; until then the door stays closed to the patient.',
  },
  ready: { name: 'Ready', means: 'Consent and form are there; the door is not open yet.' },
  'door-open': { name: 'The door is open', means: 'Patient and clinic can come into the room now.' },
  'under-way': { name: 'Under way', means: 'Patient and clinic have met in the room.' },
  ended: { name: 'Ended:', means: 'The meeting is over, and this is what it came to.' },
};

function waitingWords(what: string, notice?: string): string {
  switch (what) {
    case 'consent':
      return 'The patient’s consent to the clinic seeing care history,';
    case 'form':
      return 'The form to be filled in,';
    case 'door':
      return 'The door to open';
    case 'people':
      return 'Patient and clinic to meet in the room; settled';
    case 'end':
      return 'The meeting to end, at the latest';
    case 'notice':
      return `The time of the SMS “${notice ?? ''}”`;
    case 'staff-decision':
      return 'Staff to decide the outcome';
    case 'clinic':
      return 'The clinic to confirm that it is ready, before the start';
    case 'registration':
      return 'Staff to register the visit, reminded until';
    default:
      return what;
  }
}

/** Gates have no time of their own: what is told of them is when they must be open at the latest. */
const whenWords = (what: string, when: string): string =>
  what === 'consent' || what === 'form' ? ` before the start ${when}` : ` ${when}`;

/** What comes first stands first; the gates before all. */
function inOrder(waitingFor: ShownMeeting['waitingFor']): ShownMeeting['waitingFor'] {
  const rank = ({ what, until }: ShownMeeting['waitingFor'][number]): string =>
    what === 'consent' || what === 'form' ? '' : (until ?? '~');
  return waitingFor.toSorted((a, b) => rank(a).localeCompare(rank(b)));
}

function taskWords(kind: string): string {
  switch (kind) {
    case 'nobody-reached':
      return 'No notice has reached the patient: call or write';
    case 'consent-refused':
      return 'The patient has said no to the clinic seeing care history: offer other care';
    case 'approve-participant':
      return 'Somebody has come with an invitation: approve or refuse who it is';
    case 'clinic-not-ready':
      return 'Confirm that the clinic is ready';
    case 'clinic-absent':
      return 'The clinic did not come: call, say sorry, offer a new time';
    case 'unclear-outcome':
      return 'Decide what the meeting came to';
    case 'doubtful-outcome':
      return 'There is a sign that the patient tried: look at the no-show again';
    case 'approve-invoice':
      return 'Approve an invoice, or waive it';
    case 'not-carried-out':
      return 'The patient was told that it is received, and it was not done: call or write';
    case 'register-visit':
      return 'Register the visit in PAS and journal';
    default:
      return plain(kind);
  }
}

function invoiceWords(invoice: DemoView['invoices'][number]): string {
  if (invoice.state !== 'proposed') return plain(invoice.state);
  return waitsForApproval(invoice)
    ? 'goes out only when staff approve it'
    : `goes out on ${inStockholm(new Date(invoice.letThroughAt!)).setLocale('en-GB').toFormat('ccc d LLL')} unless staff or the patient object`;
}

const plain = (words: string): string => words.replaceAll('-', ' ');

function feeWords(kind: string, amountOre: number | null): string {
  if (kind === 'none') return 'Nothing';
  const amount =
    amountOre === null ? 'an amount that the fee table lacks' : `${(amountOre / 100).toFixed(2)} kr`;
  return `${kind === 'visit-fee' ? 'Patient fee' : 'Missed-visit fee'}: ${amount}`;
}

/** The course and the SMS in one line of time, newest first. */
function entries({ timeline }: DemoView): { at: string; text: string }[] {
  return [
    ...timeline.happenings.map(({ at, what, detail }) => ({
      at,
      text: [what.replaceAll('-', ' '), what === 'entered' ? null : detail?.replaceAll('-', ' ')]
        .filter(Boolean)
        .join(': '),
    })),
    ...timeline.deliveries.flatMap(({ kind, channel, state, reason, history }) => {
      const last = history.at(-1);
      return last
        ? [
            {
              at: last.at,
              text: `${channel === 'email' ? 'E-mail' : 'SMS'} ${kind}: ${state}${reason ? ` (${reason.replaceAll('-', ' ')})` : ''}`,
            },
          ]
        : [];
    }),
  ].sort((a, b) => (a.at < b.at ? 1 : -1));
}

const clock = (instant: string): string => inStockholm(new Date(instant)).toFormat('HH:mm:ss');

function away(instant: string, now: Date): string {
  const seconds = Math.round((Date.parse(instant) - now.getTime()) / 1000);
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const text =
    minutes >= 60
      ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
      : `${minutes} min ${Math.abs(seconds) % 60} s`;
  return seconds >= 0 ? `in ${text}` : `${text} ago`;
}
