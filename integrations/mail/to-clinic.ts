import { inStockholm } from '../../rules/calendar/stockholm';

/** What staff or the operations manager are told of by e-mail (R2.10, R6.3, R6.4). */
export type ClinicMail =
  | { kind: 'last-weekday-opens' | 'before-closing' | 'breached'; deadlineAt: Date; caseId: string }
  | { kind: 'documentation-overdue'; caseId: string }
  /** `reason`: of the last one, in machine words. */
  | { kind: 'sms-failing'; since: Date; reason: string };

/**
 * Subject and text. They name a case by its id only: nothing of the patient, since mailboxes are read over
 * shoulders.
 */
export function clinicMail(mail: ClinicMail): { subject: string; text: string } {
  switch (mail.kind) {
    case 'last-weekday-opens':
    case 'before-closing':
      return {
        subject: 'Ett meddelande väntar på svar i dag',
        text: `Ett meddelande från en patient ska besvaras senast ${lastDay(mail.deadlineAt)}.\n\n${named(mail)}`,
      };
    case 'breached':
      return {
        subject: 'Ett meddelande har inte besvarats i tid',
        text: `Ett meddelande från en patient skulle ha besvarats senast ${lastDay(mail.deadlineAt)} och väntar fortfarande på svar.\n\n${named(mail)}`,
      };
    case 'sms-failing':
      return {
        subject: 'Sms till patienter kommer inte fram',
        text: `Flera sms i rad har inte kunnat skickas, sedan ${inStockholm(mail.since).toFormat("yyyy-MM-dd 'kl.' HH.mm")} (${mail.reason}). Vi fortsätter att försöka så länge det hjälper. De patienter som inte kan nås i tid står i listan över uppgifter: ring eller skriv till dem.\n`,
      };
    case 'documentation-overdue':
      return {
        subject: 'En kontakt är inte dokumenterad',
        text: `Ett ärende är avslutat och kontakten är ännu inte dokumenterad i journalen.\n\n${named(mail)}`,
      };
  }
}

const named = ({ caseId }: { caseId: string }): string => `Ärende: ${caseId}\n`;

/** The day that the midnight of a deadline ends. */
const lastDay = (deadlineAt: Date): string =>
  inStockholm(new Date(deadlineAt.getTime() - 1))
    .setLocale('sv-SE')
    .toFormat('cccc d LLLL');
