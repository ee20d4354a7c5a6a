import { demo, DEMO_LASTS_MINUTES, DEMO_STARTS_IN_MINUTES, demoSuitability } from './demo-clinic';

export interface Addresses {
  homeUrl: string;
  apiUrl: string;
  /** Temporal's Web UI, at our namespace; null where it is not ours. */
  webUiUrl: string | null;
}

/** The command that books a meeting at the demo clinic, ready to paste into a shell. */
export function bookingCommand(apiUrl: string, apiKey: string): string {
  const body = `{
  "startAt": "'$(node -p 'new Date(Date.now() + ${DEMO_STARTS_IN_MINUTES} * 60000).toISOString()')'",
  "durationMinutes": ${DEMO_LASTS_MINUTES}, "patientId": "${demo.patientId}",
  "participants": [{ "role": "staff", "staffId": "${demo.staffId}" }],
  "formIds": ["${demo.formId}"], "agreed": true, "toldOfFee": true, "feeCode": "${demo.feeCode}",
  "suitability": ${JSON.stringify(demoSuitability)}
}`;
  return [
    `curl -s ${apiUrl}/clinic/meetings -H 'Authorization: Bearer ${apiKey}' \\`,
    `  -H 'Acting-Staff: ${demo.staffId}' -H 'Acting-Role: booker' -H "Idempotency-Key: try-$RANDOM$RANDOM" \\`,
    `  -H 'Content-Type: application/json' -d '${body}'`,
  ].join('\n');
}

/** What `npm start` says at its end. */
export function summary({ homeUrl, apiUrl, webUiUrl }: Addresses, apiKey: string): string {
  return `
  vardmote is running.

  Home page          ${homeUrl}   (book a demo meeting and watch its life)
  The clinic’s desk  ${apiUrl}/desk   (log in as one of the demo clinic’s staff)
  API docs           ${apiUrl}/docs
  SMS outbox         ${homeUrl}/outbox
  Mailboxes          ${homeUrl}/mail
  Events to the PAS  ${homeUrl}/receiver
  Temporal Web UI    ${webUiUrl ?? 'none of ours: Temporal is at TEMPORAL_ADDRESS'}

  Book a meeting from a shell; its SMS show up in the outbox:

${bookingCommand(apiUrl, apiKey)}

  Ctrl-C stops everything; npm start goes on where it was; npm start -- --fresh begins anew.
`;
}
