import type { SmsInHistory } from '../../../integrations/sms/elks-history';
import type { ElksClient, SmsToSend } from '../../../integrations/sms/elks';
import type { SendResult } from '../../../rules/send-result';
import type { Clock } from '../../../rules/clock';

/** A provider in memory that does as the test says, with a history of what it has taken. */
export interface TestProvider extends ElksClient {
  /** Every call, whatever came of it. */
  calls: SmsToSend[];
  /** What it has sent on, in order. */
  messages: (SmsInHistory & { from: string; to: string; reportUrl: string })[];
  /** What it does with a call; takes it unless told otherwise. */
  answer: (sms: SmsToSend) => SendResult | Promise<SendResult>;
  /** Whether its history can be read, and with what delay messages show there. */
  history: {
    unread: string | null;
    hidden: boolean;
    asked: number;
    /** Rows that nobody can read. */ odd: number;
  };
  /** Takes a message up, and answers as it does to one that it has taken. */
  take: (sms: SmsToSend, status?: SmsInHistory['status']) => SendResult & { kind: 'accepted' };
}

let lastMessage = 0;

export function createProvider(clock: Clock): TestProvider {
  const provider: TestProvider = {
    calls: [],
    messages: [],
    history: { unread: null, hidden: false, asked: 0, odd: 0 },
    answer: (sms) => provider.take(sms),
    take({ from, to, reportUrl }, status = 'created') {
      const providerId = `s${String((lastMessage += 1)).padStart(12, '0')}`;
      provider.messages.push({ providerId, from, to, reportUrl, status, createdAt: clock.now() });
      return { kind: 'accepted', providerId, status, parts: 1, costTenThousandths: 3500 };
    },
    async send(sms) {
      provider.calls.push(sms);
      return provider.answer(sms);
    },
    account: () => Promise.resolve({ kind: 'answers', balance: null }),
    sentBetween({ from, to, after, before }) {
      const { history, messages } = provider;
      history.asked += 1;
      if (history.unread !== null) return Promise.resolve({ kind: 'unread', reason: history.unread });
      const found = messages.filter(
        (sms) => sms.from === from && sms.to === to && sms.createdAt > after && sms.createdAt < before,
      );
      return Promise.resolve({ kind: 'read', messages: history.hidden ? [] : found, odd: history.odd });
    },
  };
  return provider;
}

/** The provider's delivery report of one of its messages, or of what the test says. */
export const report = (reportUrl: string, form: { providerId: string; status: string }): Promise<Response> =>
  fetch(reportUrl, {
    method: 'POST',
    body: new URLSearchParams({ id: form.providerId, status: form.status }),
  });
