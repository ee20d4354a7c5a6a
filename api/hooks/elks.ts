import express, { type RequestHandler } from 'express';
import type { Records } from '../../records';
import { keepDoubt } from '../../records/doubt';
import { reviewReach } from '../../records/reach';
import type { Clock } from '../../rules/clock';
import { parseDeliveryReport } from '../../sms/delivery-report';

export const readForm = express.urlencoded({ extended: false, limit: '10kb' });

/**
 * 46elks' delivery reports. They are not signed: the unguessable token in the address is what makes one ours. A report that
 * is repeated, late or out of order changes nothing that stands higher already (design, decision 5).
 */
export function deliveryReports({ records, clock }: { records: Records; clock: Clock }): RequestHandler {
  return async (request, response) => {
    const report = parseDeliveryReport(request.body);
    const { token } = request.params;
    if (!report || typeof token !== 'string') {
      response.sendStatus(400);
      return;
    }
    const row = await records.ledger.report(token, report.status, report.providerId, clock.now());
    // One that failed after all may mean that nobody knows of the meeting; one that came late, that somebody does (R2.10).
    if (row) await reviewReach(records, row.meetingId, clock.now());
    if (row?.state === 'failed') await keepDoubt(records, row, 'notice-failed', clock.now());
    // 46elks comes again for six hours unless it hears 2xx; for a token that is not ours that helps nobody.
    response.sendStatus(row ? 204 : 404);
  };
}
