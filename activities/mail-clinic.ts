import type { Mailer } from '../integrations/mail/mailer';
import { clinicMail, type ClinicMail } from '../integrations/mail/to-clinic';
import type { Records } from '../records';
import type { Clock } from '../rules/clock';

/**
 * An attempt ends by then (workflows/shared/local-activities.ts); what a dead process has left is taken for
 * uncertain after it.
 */
const CLAIM_MS = 30_000;

/**
 * Sends an e-mail to the clinic's own addresses. Each address gets it once (R6.3). An e-mail that was surely
 * not sent may be tried again. One whose result nobody knows is not sent twice.
 * @param mailKey the same for the same news
 * @returns whether some address has to be tried again
 */
export async function mailClinic(
  {
    records,
    clock,
    mailer,
  }: { records: Pick<Records, 'clinicMails'>; clock: Clock; mailer: Pick<Mailer, 'send'> },
  { mail, mailKey, addresses }: { mail: ClinicMail; mailKey: string; addresses: string[] },
): Promise<boolean> {
  const { subject, text } = clinicMail(mail);
  let mustComeAgain = false;
  for (const to of addresses) {
    const messageKey = `${mailKey}:${to.toLowerCase()}`;
    if (!(await records.clinicMails.claim(messageKey, clock.now(), CLAIM_MS))) continue;
    const result = await mailer.send({ to, subject, text, messageKey });
    const again = result.kind === 'not-sent' && result.retryable;
    await records.clinicMails.settle(
      messageKey,
      again
        ? 'planned'
        : result.kind === 'accepted'
          ? 'sent'
          : result.kind === 'uncertain'
            ? 'unknown'
            : 'failed',
      clock.now(),
    );
    mustComeAgain ||= again;
  }
  return mustComeAgain;
}
