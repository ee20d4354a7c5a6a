import { accountBalance } from '../platform/metrics';
import type { Mailer } from '../integrations/mail/mailer';
import type { Records } from '../records';
import { probeTargets, type ProbeTarget } from '../rules/gaps';
import type { ElksClient } from '../integrations/sms/elks';
import type { TemporalGateway } from '../temporal/gateway';
import type { Check } from './check';
import { clocksAgree } from './clock';

const OFTEN_MS = 1_000;
/** Others' servers are not asked more often than this. */
const SELDOM_MS = 60_000;

export const databaseCheck = (records: Pick<Records, 'ping'>): Check => ({
  name: 'database',
  needed: true,
  keptMs: OFTEN_MS,
  look: () => records.ping().then(() => true),
});

/** What a worker cannot do without. The clock is the machine's own, also where a test has another. */
export const ownChecks = ({
  records,
  temporal,
}: {
  records: Pick<Records, 'ping' | 'serverTime'>;
  temporal: Pick<TemporalGateway, 'ping'>;
}): Check[] => [
  databaseCheck(records),
  { name: 'temporal', needed: true, keptMs: OFTEN_MS, look: () => temporal.ping().then(() => true) },
  { name: 'clock', needed: true, keptMs: OFTEN_MS, look: () => clocksAgree(records, () => new Date()) },
];

/** Shorter than what a proxy waits for its probe. */
const TEMPORAL_DEADLINE_MS = 1_500;

/**
 * What the API needs: the database alone. While Temporal is away it stores commands, and whoever takes it
 * away from patients then takes away what would have kept their word (R6.9); it says so, and goes on.
 */
export const apiChecks = (deps: Parameters<typeof ownChecks>[0]): Check[] =>
  ownChecks(deps).map((check) => {
    switch (check.name) {
      case 'temporal':
        return {
          ...check,
          needed: false,
          deadlineMs: TEMPORAL_DEADLINE_MS,
          whileAway: 'does not answer. Commands are stored and carried out later; nobody is let in anew.',
        };
      case 'clock':
        return {
          ...check,
          needed: false,
          whileAway: 'differs from the database’s. What is late or in time may be judged wrongly.',
        };
      default:
        return check;
    }
  });

/** What patients need on their way here. While one is away nobody is a no-show (R5.6). */
export const probeChecks = (answers: (target: ProbeTarget) => boolean): Check[] =>
  probeTargets.map((target) => ({
    name: `probe-${target}`,
    needed: false,
    keptMs: OFTEN_MS,
    look: () => Promise.resolve(answers(target)),
  }));

/**
 * Those by whom notices go. While one is away its notices wait or end with a reason, and all else goes on.
 */
export const noticeChecks = ({
  elks,
  mailer,
}: {
  elks: Pick<ElksClient, 'account'>;
  mailer: Pick<Mailer, 'whyAway'>;
}): Check[] => [
  {
    name: 'sms-provider',
    needed: false,
    keptMs: SELDOM_MS,
    look: async () => {
      const account = await elks.account();
      if (account.kind === 'answers' && account.balance !== null) accountBalance.set(account.balance);
      return account.kind === 'answers';
    },
  },
  {
    name: 'mail-server',
    needed: false,
    keptMs: SELDOM_MS,
    look: async () => (await mailer.whyAway()) === null,
  },
];
