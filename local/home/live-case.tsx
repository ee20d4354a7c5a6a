import { inStockholm } from '../../rules/calendar/stockholm';
import { Phone } from '../outbox/phones';
import type { OutboxMessage } from '../outbox/store';
import type { CaseAction, DemoCaseView, ShownCase } from './demo-cases';

/** What the home page shows of a message case. */
export interface LiveCaseView extends DemoCaseView {
  sms: OutboxMessage[];
  workflowUrl: string | null;
}

/** A demo case as it stands, with what the clinic can do; the patient logs in with the link in the SMS. */
export function LiveCase({ shown, said }: { shown: LiveCaseView; said: string | null }) {
  const { read, messages, sms, mobile, workflowUrl } = shown;
  const isOver = read.state === 'ended';
  return (
    <div id="live" data-over={isOver ? 'yes' : 'no'}>
      <section aria-labelledby="state">
        <h2 id="state">
          Message case: <span class="meeting-state">{read.state.replaceAll('-', ' ')}</span>
        </h2>
        <p>
          {dueWords(read)} {workflowUrl && <a href={workflowUrl}>Its workflow in the Temporal Web UI</a>}
        </p>
        <p role="status" class="said" tabIndex={-1}>
          {said}
        </p>
      </section>
      <div class="columns">
        <div>
          <section aria-labelledby="thread">
            <h3 id="thread">What was written</h3>
            <ol class="timeline">
              {messages.map(({ messageId, author, text, receivedAt, files }) => (
                <li key={messageId}>
                  <time dateTime={receivedAt}>{clock(receivedAt)}</time>{' '}
                  <strong>{author === 'staff' ? 'Clinic' : 'Patient'}</strong> {text}
                  {files.map(({ name }) => ` [${name}]`).join('')}
                </li>
              ))}
            </ol>
          </section>
          {!isOver && (
            <section aria-labelledby="clinic">
              <h3 id="clinic">What the clinic does</h3>
              <p class="muted">
                Be the patient by logging in with the link in the SMS. What the patient writes starts the
                clock.
              </p>
              <div class="acts">
                <Act caseId={read.caseId} action="reply" label="Writes" />
                {read.documentation === null && (
                  <Act caseId={read.caseId} action="close" label="Closes the case" />
                )}
                {read.documentation?.state === 'waiting' && (
                  <Act caseId={read.caseId} action="document" label="Has documented the contact" />
                )}
              </div>
            </section>
          )}
        </div>
        <section aria-label="The patient’s phone">
          <ul class="phones">
            <Phone number={mobile} messages={sms} />
          </ul>
        </section>
      </div>
    </div>
  );
}

function Act({ caseId, action, label }: { caseId: string; action: CaseAction; label: string }) {
  return (
    <form method="post" action={`/demo-case/${caseId}/${action}`} id={`form-${action}`}>
      <button type="submit" id={`act-${action}`}>
        {label}
      </button>
    </form>
  );
}

function dueWords({ reply, lastReply, documentation }: ShownCase): string {
  if (reply)
    return `The patient has written; a reply is due before ${inStockholm(new Date(reply.deadlineAt)).toFormat('ccc d LLL HH:mm')}, the end of the second weekday (R6.2).`;
  if (documentation?.state === 'waiting')
    return 'Closed; the contact is to be documented before the case ends (R6.4).';
  return lastReply ? `Answered ${lastReply.inTime ? 'in time' : 'late'}.` : 'No reply is due.';
}

const clock = (at: string): string => inStockholm(new Date(at)).toFormat('HH:mm');
