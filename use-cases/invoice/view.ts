import type { Charge } from '../../records/charges';
import { nameOf } from '../../rules/actor';
import { outcomes } from '../../rules/meeting';

/** What a meeting's times have been and are charged, invoice by invoice, oldest first. */
export function invoiceViews(charges: Charge[]) {
  return charges.flatMap(({ meetingId, startVersion, course, decisions }) =>
    course.invoices.map(({ decision, ...invoice }) => ({
      meetingId,
      startVersion,
      ...invoice,
      ...decision,
      currency: 'SEK' as const,
      steps: course.steps
        .filter(({ invoiceId }) => invoiceId === invoice.invoiceId)
        .map(({ at, what, reason, commandId }) => ({
          at,
          what,
          reason,
          by: whoDecided(decisions, commandId),
        })),
    })),
  );
}

function whoDecided(decisions: Charge['decisions'], commandId: string | null): string | null {
  const decision = decisions.find((each) => each.commandId === commandId);
  return decision ? nameOf(decision.actor) : null;
}

/** Why something is charged: an outcome, or a time that the patient moved late. */
export const causes = [...outcomes, 'rebooked-late'] as const;
