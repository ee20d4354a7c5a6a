import express, { type RequestHandler } from 'express';
import { tellOfDeliveries } from '../../use-cases/notice/nudge';
import type { Records } from '../../records';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { Clock } from '../../rules/clock';
import { parseDeliveryReport } from '../../integrations/sms/delivery-report';
import type { TemporalGateway } from '../../temporal/gateway';
import { addressKey } from '../../platform/client-address';
import { createGuesses } from '../guesses';

export const readForm = express.urlencoded({ extended: false, limit: '10kb' });

/**
 * Tokens that no SMS has, per address and minute (ours): 46elks' own few addresses send none but what is long
 * over.
 */
const WRONG_TOKENS_PER_MINUTE = 600;
/** As `randomSecret` makes them. */
const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/**
 * 46elks' delivery reports. They are not signed. The unguessable token in the address makes a report ours. A
 * repeated, late or out-of-order report changes nothing that has a higher state already. A report of another
 * message than the row's is refused (design, decision 5).
 */
export function deliveryReports(deps: {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
}): RequestHandler {
  const { records, clock } = deps;
  const tokens = createGuesses(WRONG_TOKENS_PER_MINUTE);
  return async (request, response) => {
    const report = parseDeliveryReport(request.body);
    const { token } = request.params;
    if (!report || typeof token !== 'string') {
      response.sendStatus(400);
      return;
    }
    // What can be no token of ours is not looked up.
    if (!TOKEN.test(token)) {
      response.sendStatus(404);
      return;
    }
    const now = clock.now();
    const { status, providerId } = report;
    const tried = await tokens.look(addressKey(request), token, () =>
      records.ledger.report(token, { state: status, providerId }, now),
    );
    // 46elks comes again later.
    if ('refused' in tried) {
      response.sendStatus(429);
      return;
    }
    const changed = tried.found;
    if (changed) {
      await followDeliveries(records, changed, now);
      await tellOfDeliveries(deps, changed, now);
    }
    // 46elks comes again for six hours unless it hears 2xx; for what is not ours that helps nobody.
    response.sendStatus(changed ? 204 : 404);
  };
}
