import { smsParts } from '../../integrations/sms/gsm7';
import { Box, BoxesPage, byRecipient, FromAndTime } from './boxes';
import { FAILING_NUMBER } from './delivery-reports';
import type { FaultRule } from './faults';
import { FaultsPanel } from './faults-panel';
import { LinkedText } from './linked-text';
import type { OutboxMessage } from './store';

/**
 * The outbox as a page: every number is a phone, the one with the newest SMS first.
 *
 * @param props.base - where the outbox is mounted
 * @param props.messages - oldest first
 * @param props.faults - what is wrong with the provider
 */
export function OutboxPage(props: { base: string; messages: OutboxMessage[]; faults: FaultRule[] }) {
  const { base, messages, faults } = props;
  return (
    <BoxesPage
      base={base}
      title="SMS outbox"
      other={{ href: '/mail', name: 'Mailboxes' }}
      intro={`What the service has sent, as it looks on each phone. On this machine a stand-in takes the place of the SMS provider: no message leaves it. Everything sent to ${FAILING_NUMBER} fails, to show how that looks.`}
      nothing="No SMS has been sent yet. It will show up here by itself."
      above={<FaultsPanel base={base} rules={faults} />}
    >
      {byRecipient(messages).map((phone) => (
        <Phone key={phone.to} number={phone.to} messages={phone.messages} />
      ))}
    </BoxesPage>
  );
}

/**
 * One phone with its SMS, oldest first; the home page shows one too.
 *
 * @param props.nobodys - nobody can log in as its owner: the addresses in its SMS lead nobody on, and are
 * text
 */
export function Phone(props: { number: string; messages: OutboxMessage[]; nobodys?: boolean }) {
  const { number, messages, nobodys = false } = props;
  return (
    <Box id={`phone-${number.slice(1)}`} name={number}>
      {messages.map((message) => (
        <Sms key={message.id} {...message} isLinked={!nobodys} />
      ))}
    </Box>
  );
}

function Sms({ id, from, message, createdAt, status, isLinked }: OutboxMessage & { isLinked: boolean }) {
  const { parts } = smsParts(message);
  return (
    <li id={id}>
      <FromAndTime from={from} createdAt={createdAt} />
      <p class="bubble">{isLinked ? <LinkedText text={message} /> : message}</p>
      <p class="small state">
        <span class={status}>{status}</span> · {parts === 1 ? '1 part' : `${parts} parts`}
      </p>
    </li>
  );
}
