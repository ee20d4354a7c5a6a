import type { z } from 'zod';
import type { PageAnswer } from '../../frame/page-content';
import { deskInvoicePath } from '../frame/paths';
import { carers, everybody, type DeskRequest, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import {
  approvalBody,
  approveOnDesk,
  confirmAct,
  objectOnDesk,
  reasonBody,
  reasonedOnDesk,
  replaceOnDesk,
  type ConfirmedAct,
} from './acts';
import { showInvoice } from './invoice';
import { INVOICES, invoicesPage } from './list';

const INVOICE = deskInvoicePath('{invoiceId}');

/** The invoices of all meetings, each invoice, and what staff do with it: in the roles of the API. */
export function invoiceRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const confirmed: {
    act: ConfirmedAct;
    operation: string;
    summary: string;
    body?: z.ZodType;
    carryOut: (request: DeskRequest) => Promise<PageAnswer>;
  }[] = [
    {
      act: 'waive',
      operation: 'invoice.waive',
      summary: 'Waive a proposed invoice (R5.7)',
      body: reasonBody,
      carryOut: reasonedOnDesk(deps, 'waive'),
    },
    {
      act: 'credit',
      operation: 'invoice.credit',
      summary: 'Have an issued invoice credited',
      body: reasonBody,
      carryOut: reasonedOnDesk(deps, 'credit'),
    },
    {
      act: 'replace',
      operation: 'invoice.replace',
      summary: 'Have an invoice made anew (R5.8)',
      carryOut: (request) => replaceOnDesk(deps, request),
    },
    {
      act: 'objection',
      operation: 'invoice.object',
      summary: 'The patient objects (R5.7)',
      carryOut: (request) => objectOnDesk(deps, request),
    },
  ];
  return [
    {
      method: 'get',
      path: INVOICES,
      operation: 'invoice.list',
      summary: 'The invoices of all meetings, by where they stand',
      roles: everybody,
      subject: 'clinic',
      handle: async (request) => ({ page: await invoicesPage(deps, request) }),
    },
    {
      method: 'get',
      path: INVOICE,
      operation: 'invoice.read',
      summary: 'One invoice: what is charged, why, and what has happened to it',
      roles: everybody,
      subject: 'invoice',
      handle: (request) => showInvoice(deps, request),
    },
    {
      method: 'get',
      path: `${INVOICE}/why`,
      operation: 'invoice.read',
      summary: 'The same with the evidence that the outcome rests on, which is care content (R8.1)',
      roles: carers,
      subject: 'invoice',
      content: true,
      // The page shows it to whoever takes part, or has stated a reason by now.
      handle: ({ params }) => Promise.resolve({ redirect: deskInvoicePath(params.invoiceId ?? '') }),
    },
    {
      method: 'post',
      path: `${INVOICE}/approve`,
      operation: 'invoice.approve',
      summary: 'Approve an invoice: it goes to billing (R5.7)',
      roles: everybody,
      subject: 'invoice',
      body: approvalBody,
      handle: (request) => approveOnDesk(deps, request),
    },
    ...confirmed.flatMap(({ act, operation, summary, body, carryOut }): DeskRoute[] => [
      {
        method: 'get',
        path: `${INVOICE}/${act}`,
        operation: 'invoice.read',
        summary: `${summary}: is it meant?`,
        roles: everybody,
        subject: 'invoice',
        handle: (request) => confirmAct(deps, request, act),
      },
      {
        method: 'post',
        path: `${INVOICE}/${act}`,
        operation,
        summary,
        roles: everybody,
        subject: 'invoice',
        ...(body ? { body } : {}),
        handle: carryOut,
      },
    ]),
  ];
}
