import { z } from 'zod';
import * as invoiceBodies from '../../use-cases/invoice/bodies';
import { day } from '../../use-cases/fields';
import type { ClinicRoute } from '../route';
import * as answers from './answers';
import * as bodies from './bodies';
import type { Questions } from './questions';
import { everybody, people, managers } from './roles';

/** Invoices over all meetings, and the file for billing. */
export const invoiceRoutes = (ask: Questions): ClinicRoute[] => [
  {
    method: 'get',
    path: '/clinic/invoices',
    operation: 'invoice.list',
    summary: 'The last invoice of each time, over all meetings, by where it stands; oldest first, 50 a page',
    roles: everybody,
    subject: 'clinic',
    query: bodies.invoicesQuery,
    answers: { 200: answers.invoiceListAnswer },
    handle: ask.invoiceList,
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/approve',
    operation: 'invoice.approve',
    summary: 'Approve an invoice: it goes to your billing (R5.7)',
    roles: people,
    subject: 'invoice',
    body: invoiceBodies.approveInvoiceBody,
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.approve',
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/waive',
    operation: 'invoice.waive',
    summary: 'Waive a proposed invoice (R5.7)',
    roles: people,
    subject: 'invoice',
    body: invoiceBodies.waiveInvoiceBody,
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.waive',
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/objection',
    operation: 'invoice.object',
    summary: 'The patient objects: it goes out only when staff approve it (R5.7)',
    roles: everybody,
    subject: 'invoice',
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.object',
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/billing-answer',
    operation: 'invoice.answer',
    summary: 'Your billing accepts or refuses what it was handed (R5.8)',
    roles: everybody,
    subject: 'invoice',
    body: invoiceBodies.answerInvoiceBody,
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.answer',
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/credit',
    operation: 'invoice.credit',
    summary: 'Have an issued invoice credited',
    roles: people,
    subject: 'invoice',
    body: invoiceBodies.waiveInvoiceBody,
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.credit',
  },
  {
    method: 'post',
    path: '/clinic/invoices/{invoiceId}/replace',
    operation: 'invoice.replace',
    summary:
      'Have an invoice made anew by the rules and tables of now; an issued one is credited first (R5.8)',
    roles: people,
    subject: 'invoice',
    answers: { 200: answers.invoicesAnswer },
    handle: 'invoice.replace',
  },
  {
    method: 'get',
    path: '/clinic/billing-file',
    operation: 'billing.read-file',
    summary: 'What your billing was handed on some days, as a file (CSV)',
    roles: managers,
    subject: 'clinic',
    query: z.strictObject({ from: day, until: day }).refine(({ from, until }) => from <= until, {
      path: ['until'],
      message: 'must not be before from',
    }),
    contentTypes: ['text/csv'],
    answers: { 200: answers.csvAnswer },
    handle: ask.billingFile,
  },
];
