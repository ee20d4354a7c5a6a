import type { Router } from 'express';
import { Box, BoxesPage, byRecipient, FromAndTime } from '../outbox/boxes';
import { LinkedText } from '../outbox/linked-text';
import { createLivePages } from '../outbox/live-pages';
import { BUSY_ADDRESS, FAILING_ADDRESS } from './smtp-server';
import type { MailboxMessage, MailboxStore } from './store';

/**
 * The mailboxes' pages, to be mounted at `/mail`: each address with its e-mails (`/`), and the same as data
 * (`/messages.json`, one address by `?to=`).
 */
export function createMailboxPages({ store }: { store: MailboxStore }): Router {
  const router = createLivePages({
    page: (base) => <MailboxesPage base={base} messages={store.messages()} />,
    subscribe: store.subscribe,
  });
  router.get('/messages.json', (request, response) => {
    const { to } = request.query;
    const messages = store.messages().filter((message) => to === undefined || message.to === to);
    response.set('cache-control', 'no-store').json(messages);
  });
  return router;
}

function MailboxesPage({ base, messages }: { base: string; messages: MailboxMessage[] }) {
  return (
    <BoxesPage
      base={base}
      title="Mailboxes"
      other={{ href: '/outbox', name: 'SMS outbox' }}
      intro={`The e-mail that the service has sent, by address. On this machine a stand-in takes the place of the mail server: no message leaves it. It knows no ${FAILING_ADDRESS} and is always too busy for ${BUSY_ADDRESS}, to show how that looks.`}
      nothing="No e-mail has been sent yet. It will show up here by itself."
    >
      {byRecipient(messages).map((mailbox) => (
        <Box key={mailbox.to} id={`mailbox-${mailbox.to}`} name={mailbox.to}>
          {mailbox.messages.map((message) => (
            <Mail key={message.id} {...message} />
          ))}
        </Box>
      ))}
    </BoxesPage>
  );
}

function Mail({ id, from, subject, text, createdAt }: MailboxMessage) {
  return (
    <li id={id}>
      <FromAndTime from={from} createdAt={createdAt} />
      <p class="bubble">
        <strong>{subject}</strong>
        <LinkedText text={text} />
      </p>
    </li>
  );
}
