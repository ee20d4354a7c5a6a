import express, { type RequestHandler } from 'express';
import { tellOfDeliveries } from '../../use-cases/notice/nudge';
import type { Records } from '../../records';
import { followDeliveries } from '../../use-cases/notice/follow-deliveries';
import type { Clock } from '../../rules/clock';
import { parseDeliveryReport } from '../../integrations/sms/delivery-report';
import type { TemporalGateway } from '../../temporal/gateway';

export const readForm = express.urlencoded({ extended: false, limit: '10kb' });

/**
 * 46elks' delivery reports. They are not signed: the unguessable token in the address is what makes one ours. A report that
 * is repeated, late or out of order changes nothing that stands higher already, and one of another message than the row's is refused
 * (design, decision 5).
 */
export function deliveryReports({
  records,
  temporal,
  clock,
}: {
  records: Records;
  temporal: TemporalGateway;
  clock: Clock;
}): RequestHandler {
  return async (request, response) => {
    const report = parseDeliveryReport(request.body);
    const { token } = request.params;
    if (!report || typeof token !== 'string') {
      response.sendStatus(400);
      return;
    }
    const now = clock.now();
    const { status, providerId } = report;
    const changed = await records.ledger.report(token, { state: status, providerId }, now);
    if (changed) {
      await followDeliveries(records, changed, now);
      await tellOfDeliveries({ temporal }, changed, now);
    }
    // 46elks comes again for six hours unless it hears 2xx; for what is not ours that helps nobody.
    response.sendStatus(changed ? 204 : 404);
  };
}
