import type { Logger } from 'pino';
import { mailClinic } from '../activities/mail-clinic';
import type { Mailer } from '../integrations/mail/mailer';
import type { Records } from '../records';
import type { SmsRun } from '../records/sms-runs';
import { inStockholm } from '../rules/calendar/stockholm';
import type { Clock } from '../rules/clock';
import { startLoop } from './loop';

const EVERY_MS = 30_000;

/** What the telling needs. */
export interface FailingSmsDeps {
  records: Records;
  clock: Clock;
  mailer: Pick<Mailer, 'send'>;
}

/**
 * Tells the operations manager by e-mail when a clinic's SMS, or the account's, fail in a row: once, and once
 * a day while it goes on, also at night and on days off, since the patients of the morning are not told
 * otherwise. Whoever runs the service reads it in the log.
 *
 * @returns does it once; may run in several processes, each address is claimed
 */
export function createFailingSms(deps: FailingSmsDeps, log: Pick<Logger, 'warn'>): () => Promise<void> {
  const { records, clock } = deps;

  /** What this process has written to its log: each run once a day. */
  const logged = new Map<string | null, string>();

  async function tell({ clinicId, failures, since, reason }: SmsRun): Promise<void> {
    const day = inStockholm(clock.now()).toISODate();
    const isNews = logged.get(clinicId) !== `${since} ${day}`;
    logged.set(clinicId, `${since} ${day}`);
    if (clinicId === null) {
      if (isNews)
        log.warn({ failures, since, reason }, 'SMS of all clinics fail in a row: does the account work?');
      return;
    }
    if (isNews) log.warn({ clinicId, failures, since, reason }, 'SMS of a clinic fail in a row');
    const { managerEmails, staffEmails } = (await records.clinics.byId(clinicId)).settings.caseRules;
    await mailClinic(deps, {
      mail: { kind: 'sms-failing', since: new Date(since), reason },
      mailKey: `sms-failing:${clinicId}:${since}:${day}`,
      addresses: managerEmails.length > 0 ? managerEmails : staffEmails,
    });
  }

  return async () => {
    for (const run of await records.smsRuns.failing(clock.now())) {
      try {
        await tell(run);
      } catch (error) {
        // The others' are told all the same.
        log.warn({ err: error, clinicId: run.clinicId }, 'failing SMS could not be told of');
      }
    }
  };
}

/** Tells beside the workers. Answers with what stops it, and waits for the telling under way. */
export function startFailingSms(deps: FailingSmsDeps, log: Logger): () => Promise<void> {
  const tellAll = createFailingSms(deps, log);
  const step = async (): Promise<boolean> => {
    await tellAll();
    return false;
  };
  return startLoop({ clock: deps.clock, everyMs: EVERY_MS }, step, (error) =>
    log.warn({ err: error }, 'the telling of failing SMS tries again'),
  );
}
