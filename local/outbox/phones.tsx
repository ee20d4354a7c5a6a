import { inStockholm } from '../../rules/calendar/stockholm';
import { smsParts } from '../../sms/gsm7';
import { FAILING_NUMBER } from './delivery-reports';
import { LinkedText } from './linked-text';
import type { OutboxMessage } from './store';

/**
 * The outbox as a page: every number is a phone, the one with the newest SMS first.
 *
 * @param props.base - where the outbox is mounted
 * @param props.messages - oldest first
 */
export function OutboxPage({ base, messages }: { base: string; messages: OutboxMessage[] }) {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>SMS outbox</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/pico.css" />
        <link rel="stylesheet" href={`${base}/outbox.css`} />
        <script src={`${base}/outbox.js`} defer />
      </head>
      <body>
        <header class="container-fluid">
          <nav aria-label="Back">
            <a href="/">← Start page</a>
          </nav>
          <h1>SMS outbox</h1>
          <p>
            What the service has sent, as it looks on each phone. On this machine a stand-in takes the place
            of the SMS provider: no message leaves it. Everything sent to {FAILING_NUMBER} fails, to show how
            that looks.
          </p>
        </header>
        <main class="container-fluid">
          {/* No white space inside the empty list: the style tells by :empty whether there is anything. */}
          <ul id="phones" class="phones">
            {phonesOf(messages).map((phone) => (
              <Phone key={phone.number} {...phone} />
            ))}
          </ul>
          <p class="nothing">No SMS has been sent yet. It will show up here by itself.</p>
        </main>
      </body>
    </html>
  );
}

/** One phone with its SMS, oldest first; the home page shows one too. */
export function Phone({ number, messages }: { number: string; messages: OutboxMessage[] }) {
  const id = `phone-${number.slice(1)}`;
  return (
    <li id={id} class="phone">
      <h2 id={`${id}-number`}>{number}</h2>
      {/* A log is a live region: what is added is read aloud, politely. It scrolls, so the keyboard must reach it. */}
      <div class="screen" role="log" aria-labelledby={`${id}-number`} tabIndex={0}>
        <ol>
          {messages.map((message) => (
            <Sms key={message.id} {...message} />
          ))}
        </ol>
      </div>
    </li>
  );
}

function Sms({ id, from, message, createdAt, status }: OutboxMessage) {
  const { parts } = smsParts(message);
  const time = inStockholm(new Date(createdAt)).setLocale('en-GB').toFormat('ccc d LLL HH:mm');
  return (
    <li id={id}>
      <p class="small">
        {from} · <time dateTime={createdAt}>{time}</time>
      </p>
      <p class="bubble">
        <LinkedText text={message} />
      </p>
      <p class="small state">
        <span class={status}>{status}</span> · {parts === 1 ? '1 part' : `${parts} parts`}
      </p>
    </li>
  );
}

/** The messages by number, the number of the newest message first; within a phone they stay oldest first. */
function phonesOf(messages: OutboxMessage[]): { number: string; messages: OutboxMessage[] }[] {
  const byNumber = new Map<string, OutboxMessage[]>();
  for (const message of messages) {
    const ofNumber = byNumber.get(message.to) ?? [];
    ofNumber.push(message);
    // Taken out and put in again, it comes last: a Map keeps the order in which its keys came.
    byNumber.delete(message.to);
    byNumber.set(message.to, ofNumber);
  }
  return Array.from(byNumber, ([number, ofNumber]) => ({ number, messages: ofNumber })).reverse();
}
