import { composeBody, draftBody } from './compose';
import {
  caseEvents,
  caseFile,
  caseStatus,
  saveCaseDraft,
  noteReadCase,
  postInCase,
  readBody,
  showCase,
  showCaseNews,
  showEarlier,
  showUnsent,
} from './case';
import { chatFile, chatStatus, postInChat, showChat } from './chat';
import {
  type CaseRoute,
  type ParticipantRoute,
  everybody,
  ofMeeting,
  type PatientRouteDeps,
} from '../frame/route';

/** A row about the case in the address; `path` is what comes after it. */
const ofCase = (
  method: CaseRoute['method'],
  path: string,
  route: Omit<CaseRoute, 'method' | 'path' | 'subject'>,
): CaseRoute => ({ method, path: `/my/cases/{caseParticipantId}${path}`, subject: 'case', ...route });

/** The rows of the patients' table about message cases (R6.6–R6.8). */
export function caseRoutes(deps: PatientRouteDeps): CaseRoute[] {
  return [
    ofCase('get', '', {
      operation: 'my.case',
      summary: 'What was written, by when an answer comes, and the form to write (R6.6, R6.7)',
      handle: showCase(deps),
    }),
    ofCase('post', '', {
      operation: 'my.write-in-case',
      summary: 'Sends a message, or adds files to the one that is being written',
      takesFiles: true,
      body: composeBody,
      handle: postInCase(deps),
    }),
    ofCase('get', '/sent', {
      operation: 'my.case-sent',
      summary: 'The same, when a message has been sent',
      handle: showCase(deps, 'sent'),
    }),
    ofCase('get', '/received', {
      operation: 'my.case-received',
      summary: 'The same, when a message is stored and will be sent',
      handle: showCase(deps, 'received'),
    }),
    ofCase('get', '/unsent', {
      operation: 'my.case-unsent',
      summary: 'The same, with what was posted and not sent, and why',
      handle: showUnsent(deps),
    }),
    ofCase('get', '/before/{messageId}', {
      operation: 'my.earlier-in-case',
      summary: 'What was written before a message',
      handle: showEarlier(deps),
    }),
    ofCase('post', '/draft', {
      operation: 'my.keep-message',
      summary: 'Keeps what is written so far, for the page’s script',
      quiet: true,
      body: draftBody,
      handle: saveCaseDraft(deps),
    }),
    ofCase('get', '/status', {
      operation: 'my.case-status',
      summary: 'Whether there is something new, for the page’s script',
      quiet: true,
      unattended: true,
      handle: caseStatus(deps),
    }),
    ofCase('get', '/events', {
      operation: 'my.case-events',
      summary: 'Tells the page’s script that there is something new, as it comes',
      quiet: true,
      unattended: true,
      handle: caseEvents(deps),
    }),
    ofCase('get', '/news', {
      operation: 'my.case-news',
      summary: 'The page again, for its script',
      unattended: true,
      handle: showCaseNews(deps),
    }),
    ofCase('post', '/read', {
      operation: 'my.read-case',
      summary: 'Somebody is at the page that news has come to (R6.8)',
      quiet: true,
      body: readBody,
      handle: noteReadCase(deps),
    }),
    ofCase('get', '/files/{fileId}', {
      operation: 'my.case-file',
      summary: 'A file of the case, as an attachment (R6.7)',
      handle: caseFile(deps, 'content'),
    }),
    ofCase('get', '/files/{fileId}/preview', {
      operation: 'my.case-picture',
      summary: 'A small picture of it',
      quiet: true,
      handle: caseFile(deps, 'preview'),
    }),
  ];
}

/** The rows about the chat of a meeting (R4.4): each of them asks whether one may use it now. */
export function chatRoutes(deps: PatientRouteDeps): ParticipantRoute[] {
  return [
    ofMeeting('get', '/chat', everybody, {
      operation: 'my.chat',
      summary: 'What was written beside the video, and the form to write',
      handle: showChat(deps),
    }),
    ofMeeting('post', '/chat', everybody, {
      operation: 'my.write-in-chat',
      summary: 'Writes beside the video, or adds files to what is being written',
      takesFiles: true,
      body: composeBody,
      handle: postInChat(deps),
    }),
    ofMeeting('get', '/chat/sent', everybody, {
      operation: 'my.chat-sent',
      summary: 'The same, when something has been sent',
      handle: showChat(deps, 'sent'),
    }),
    ofMeeting('get', '/chat/received', everybody, {
      operation: 'my.chat-received',
      summary: 'The same, when something is stored and will be sent',
      handle: showChat(deps, 'received'),
    }),
    ofMeeting('get', '/chat/status', everybody, {
      operation: 'my.chat-status',
      summary: 'Whether there is something new, for the page’s script',
      quiet: true,
      handle: chatStatus(deps),
    }),
    ofMeeting('get', '/chat/news', everybody, {
      operation: 'my.chat-news',
      summary: 'The page again, for its script',
      handle: showChat(deps),
    }),
    ofMeeting('get', '/chat/files/{fileId}', everybody, {
      operation: 'my.chat-file',
      summary: 'A file of the chat, as an attachment',
      handle: chatFile(deps, 'content'),
    }),
    ofMeeting('get', '/chat/files/{fileId}/preview', everybody, {
      operation: 'my.chat-picture',
      summary: 'A small picture of it',
      quiet: true,
      handle: chatFile(deps, 'preview'),
    }),
  ];
}
