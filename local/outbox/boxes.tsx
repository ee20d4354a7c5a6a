import type { ComponentChildren } from 'preact';
import { stylesheet } from '../../api/frame/stylesheet';
import { inStockholm } from '../../rules/calendar/stockholm';

/**
 * A page of boxes, one for each who gets messages: phones with SMS, or mailboxes.
 *
 * @param props.base - where it is mounted
 * @param props.other - the page of the other kind
 * @param props.nothing - what stands there while there is none
 * @param props.above - what stands above the boxes, if anything
 */
export function BoxesPage(props: {
  base: string;
  title: string;
  other: { href: string; name: string };
  intro: string;
  nothing: string;
  above?: ComponentChildren;
  children: ComponentChildren;
}) {
  const { base, title, other, intro, nothing, above, children } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href={stylesheet} />
        <link rel="stylesheet" href={`${base}/outbox.css`} />
        <script src={`${base}/outbox.js`} defer />
      </head>
      <body>
        <header class="container-fluid">
          <nav aria-label="Other pages">
            <a href="/">← Start page</a> · <a href={other.href}>{other.name}</a>
          </nav>
          <h1>{title}</h1>
          <p>{intro}</p>
        </header>
        <main class="container-fluid">
          {above}
          {/* No white space inside the empty list: the style tells by :empty whether there is anything. */}
          <ul id="phones" class="phones">
            {children}
          </ul>
          <p class="nothing">{nothing}</p>
        </main>
      </body>
    </html>
  );
}

/** One box with its messages, oldest first. */
export function Box({ id, name, children }: { id: string; name: string; children: ComponentChildren }) {
  return (
    <li id={id} class="phone">
      <h2 id={`${id}-name`}>{name}</h2>
      {/* A log is a live region: what is added is read aloud, politely. It scrolls, so the keyboard must reach it. */}
      <div class="screen" role="log" aria-labelledby={`${id}-name`} tabIndex={0}>
        <ol>{children}</ol>
      </div>
    </li>
  );
}

/** The line above a message: from whom, and when by Stockholm's clock. */
export function FromAndTime({ from, createdAt }: { from: string; createdAt: string }) {
  const time = inStockholm(new Date(createdAt)).setLocale('en-GB').toFormat('ccc d LLL HH:mm');
  return (
    <p class="small">
      {from} · <time dateTime={createdAt}>{time}</time>
    </p>
  );
}

/** The messages by recipient, that of the newest message first; within a box they stay oldest first. */
export function byRecipient<Message extends { to: string }>(
  messages: Message[],
): { to: string; messages: Message[] }[] {
  const boxes = new Map<string, Message[]>();
  for (const message of messages) {
    const ofOne = boxes.get(message.to) ?? [];
    ofOne.push(message);
    // Taken out and put in again, it comes last: a Map keeps the order in which its keys came.
    boxes.delete(message.to);
    boxes.set(message.to, ofOne);
  }
  return Array.from(boxes, ([to, ofOne]) => ({ to, messages: ofOne })).reverse();
}
