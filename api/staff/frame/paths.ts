import { z } from 'zod';

/** Where the desk is. */
export const DESK_PATH = '/desk';

/** The address of a meeting's page on the desk, and of what belongs to it; also a clinic's system's deep link. */
export const deskMeetingPath = (meetingId: string, page = ''): string =>
  `${DESK_PATH}/meetings/${meetingId}${page && `/${page}`}`;
/** Likewise of a message case. */
export const deskCasePath = (caseId: string, page = ''): string =>
  `${DESK_PATH}/cases/${caseId}${page && `/${page}`}`;
/** Likewise of a person. */
export const deskPersonPath = (personId: string, page = ''): string =>
  `${DESK_PATH}/people/${personId}${page && `/${page}`}`;

/** The address of a task's page on the desk, and of what belongs to it. */
export const deskTaskPath = (taskId: string, page = ''): string =>
  `${DESK_PATH}/tasks/${taskId}${page && `/${page}`}`;
/** Likewise of an invoice. */
export const deskInvoicePath = (invoiceId: string, page = ''): string =>
  `${DESK_PATH}/invoices/${invoiceId}${page && `/${page}`}`;

/** A page of the desk, as a login leads back to it: ids and short words, nothing that leads elsewhere. */
export const deskPage = z.string().regex(/^\/desk(\/[A-Za-z0-9_-]{1,64}){0,5}(\?[a-zA-Z0-9=&_-]{1,200})?$/);
