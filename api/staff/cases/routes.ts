import { carers, everybody, managers, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { DESK_PATH } from '../frame/paths';
import { draftBody } from '../../patient/thread/compose';
import { assignForm, postAssign, showAssign } from './assign';
import { closeForm, postClose, showClose } from './close';
import { documentForm, postDocument, showDocument } from './document';
import { openForm, postOpen, showOpen } from './open';
import { showCase, showName } from './status';
import {
  postInThread,
  saveDraft,
  showEarlier,
  showThread,
  showUnsent,
  staffComposeBody,
  threadFile,
  threadStatus,
} from './thread';

type Rest = Omit<DeskRoute, 'method' | 'path' | 'subject'>;

/** A row about the case in the address; `path` is what comes after it. */
const ofCase = (method: DeskRoute['method'], path: string, route: Rest): DeskRoute => ({
  method,
  path: `${DESK_PATH}/cases/{caseId}${path}`,
  subject: 'case',
  ...route,
});

/** The same about what was written in it: care content (R8.1). */
const ofThread = (
  method: DeskRoute['method'],
  path: string,
  route: Omit<Rest, 'roles' | 'content'>,
): DeskRoute => ofCase(method, `/thread${path}`, { ...route, roles: carers, content: true });

/** The desk's rows about message cases (rules 6): who may is as in the clinic's API (api/clinic/cases.ts). */
export const caseDeskRoutes = (deps: DeskRouteDeps): DeskRoute[] => [
  ...openRows(deps),
  ...caseRows(deps),
  ...threadRows(deps),
];

const openRows = (deps: DeskRouteDeps): DeskRoute[] => [
  {
    method: 'get',
    path: `${DESK_PATH}/cases/open/{personId}`,
    operation: 'person.read',
    summary: 'The form to open a case with a patient (R6.6)',
    roles: everybody,
    subject: 'person',
    handle: showOpen(deps),
  },
  {
    method: 'post',
    path: `${DESK_PATH}/cases/open/{personId}`,
    operation: 'case.open',
    summary: 'Opens a case with a first message (R6.6)',
    roles: everybody,
    subject: 'person',
    body: openForm,
    typed: 'text',
    handle: postOpen(deps),
  },
];

const caseRows = (deps: DeskRouteDeps): DeskRoute[] => [
  ofCase('get', '', {
    operation: 'case.read',
    summary: 'Where a case stands, and the way to what was written',
    roles: everybody,
    handle: showCase(deps),
  }),
  ofCase('get', '/name', {
    operation: 'person.read',
    summary: 'The name of a patient with protected data (R8.8)',
    roles: carers,
    content: true,
    handle: showName(deps),
  }),
  ofCase('get', '/assign', {
    operation: 'case.read',
    summary: 'To whom a case is handed over',
    roles: everybody,
    handle: showAssign(deps),
  }),
  ofCase('post', '/assign', {
    operation: 'case.assign',
    summary: 'Takes a case, hands it over, or gives it back (R6.5)',
    roles: everybody,
    body: assignForm,
    handle: postAssign(deps),
  }),
  ofCase('post', '/reassign', {
    operation: 'case.assign',
    summary: 'The operations manager gives a case to anybody (R6.5)',
    roles: managers,
    body: assignForm,
    handle: postAssign(deps),
  }),
  ofCase('get', '/close', {
    operation: 'case.read',
    summary: 'Asks whether a case is to be closed',
    roles: carers,
    handle: showClose(deps),
  }),
  ofCase('post', '/close', {
    operation: 'case.close',
    summary: 'Closes a case; what waits for a reply goes on waiting (R6.3)',
    roles: carers,
    body: closeForm,
    handle: postClose(deps),
  }),
  ofCase('get', '/document', {
    operation: 'case.read',
    summary: 'Asks for the day of the contact',
    roles: carers,
    handle: showDocument(deps),
  }),
  ofCase('post', '/document', {
    operation: 'case.document',
    summary: 'Says that the contact is documented, and pictures handled (R6.4)',
    roles: carers,
    body: documentForm,
    handle: postDocument(deps),
  }),
];

const threadRows = (deps: DeskRouteDeps): DeskRoute[] => [
  ofThread('get', '', {
    operation: 'case.read-thread',
    summary: 'What was written, and the form to reply (R6.7)',
    handle: showThread(deps),
  }),
  ofThread('post', '', {
    operation: 'case.write',
    summary: 'Replies or asks for more, or adds files to what is being written (R6.3)',
    takesFiles: true,
    body: staffComposeBody,
    typed: 'text',
    handle: postInThread(deps),
  }),
  ofThread('get', '/sent', {
    operation: 'case.read-thread',
    summary: 'The same, when a message has been sent',
    handle: showThread(deps, 'sent'),
  }),
  ofThread('get', '/received', {
    operation: 'case.read-thread',
    summary: 'The same, when a message is stored and will be sent',
    handle: showThread(deps, 'received'),
  }),
  ofThread('get', '/unsent', {
    operation: 'case.read-thread',
    summary: 'The same, with what was posted and not sent, and why',
    handle: showUnsent(deps),
  }),
  ofThread('get', '/before/{messageId}', {
    operation: 'case.read-thread',
    summary: 'What was written before a message',
    handle: showEarlier(deps),
  }),
  ofThread('get', '/news', {
    operation: 'case.read-thread',
    summary: 'The page again, for its script',
    unattended: true,
    handle: showThread(deps),
  }),
  ofThread('get', '/status', {
    operation: 'case.thread-status',
    summary: 'Whether there is something new, for the page’s script',
    unattended: true,
    quiet: true,
    handle: threadStatus(deps),
  }),
  ofThread('post', '/draft', {
    operation: 'case.keep-message',
    summary: 'Keeps what is written so far, for the page’s script',
    quiet: true,
    body: draftBody,
    handle: saveDraft(deps),
  }),
  ofThread('get', '/files/{fileId}', {
    operation: 'case.read-file',
    summary: 'A file of the case, as an attachment (R6.7)',
    handle: threadFile(deps, 'content'),
  }),
  ofThread('get', '/files/{fileId}/preview', {
    operation: 'case.read-file',
    summary: 'A small picture of it',
    handle: threadFile(deps, 'preview'),
  }),
];
