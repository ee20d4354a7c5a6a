import type { Logger } from 'pino';
import type { ElksClient } from '../integrations/sms/elks';
import type { Mailer } from '../integrations/mail/mailer';
import type { KeyRing } from '../platform/keys/key-ring';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';
import type { TemporalGateway } from '../temporal/gateway';

/** What activities need, handed in once (design). */
export interface ActivityDeps {
  records: Records;
  clock: Clock;
  temporal: TemporalGateway;
  elks: ElksClient;
  mailer: Mailer;
  log: Pick<Logger, 'warn'>;
  /** The most SMS of the provider's account, over all clinics, in 24 hours. */
  smsPerDay: number;
  sms: {
    sender: string;
    linkKeys: KeyRing;
    /** Where patients reach this service; the links lead there. */
    publicUrl: string;
    /** Where the provider's delivery reports go. */
    hooksUrl: string;
    /**
     * How long one hand-over belongs to the process that began it, in milliseconds; longer than the call to
     * the provider.
     */
    leaseMs: number;
  };
}

/** What a meeting's activities need of it: nothing of the outside systems. */
export type MeetingDeps = Pick<ActivityDeps, 'records' | 'clock' | 'temporal' | 'log' | 'smsPerDay'>;

/** What a case's activities need of it: nothing of the SMS provider. */
export type CaseDeps = Pick<ActivityDeps, 'records' | 'clock' | 'mailer' | 'log' | 'smsPerDay'>;
