import { z } from 'zod';
import { caseView } from '../../use-cases/thread/message-view';
import { notFound, type CommandDeps } from '../../use-cases/command';
import * as bodies from '../../use-cases/thread/bodies';
import { partOf, readCaseThread } from '../../use-cases/thread/read';
import { caseStates, type CaseState } from '../../rules/case';
import { fileTypes } from '../../rules/files';
import type { ClinicRequest, ClinicRoute } from '../route';
import * as schemas from './case-schemas';
import { cursor, staffId } from '../../use-cases/fields';
import type { FileDeps } from '../../use-cases/thread/save-upload';
import { createFileDoor, downloadFile } from './file-door';
import { carers, everybody, managers, people } from './roles';

const PAGE = 50;

export type CaseRouteDeps = FileDeps & Pick<CommandDeps, 'temporal'>;

/** The rows of the clinic's table about message cases (rules 6), and about the chats of meetings (R4.4). */
export function caseRoutes(deps: CaseRouteDeps): ClinicRoute[] {
  const { records } = deps;
  const takeIn = createFileDoor(deps);
  const read = downloadFile(records);
  const caseOf = ({ caller, params }: ClinicRequest) =>
    records.cases.find(caller.clinic.clinicId, params.caseId ?? '');

  return [
    {
      method: 'get',
      path: '/clinic/cases',
      operation: 'case.list',
      summary: 'The inbox: message cases, most urgent first; 50 a page',
      roles: everybody,
      subject: 'clinic',
      query: z.strictObject({
        state: z.enum(caseStates).optional(),
        assignedTo: staffId.optional(),
        unassigned: z.enum(['true', 'false']).default('false'),
        cursor,
      }),
      answers: { 200: schemas.casesAnswer },
      async handle({ caller, query, noteRead }) {
        const page = await records.cases.list({
          clinicId: caller.clinic.clinicId,
          state: (query.state as CaseState | undefined) ?? null,
          assignedTo: query.assignedTo === undefined ? null : [query.assignedTo as string],
          unassigned: query.unassigned === 'true',
          cursor: (query.cursor as string | undefined) ?? null,
          limit: PAGE,
        });
        await noteRead([...new Set(page.items.map(({ patientId }) => patientId))]);
        return { status: 200, body: { items: page.items.map(caseView), next: page.next } };
      },
    },
    {
      method: 'get',
      path: '/clinic/cases/waiting',
      operation: 'case.watch',
      summary:
        'How much waits for a reply, by who sees to it: for whoever watches over staff who are away (R6.5)',
      roles: managers,
      subject: 'clinic',
      answers: { 200: schemas.waitingAnswer },
      handle: async ({ caller }) => ({
        status: 200,
        body: { items: await records.cases.waiting(caller.clinic.clinicId) },
      }),
    },
    {
      method: 'post',
      path: '/clinic/cases',
      operation: 'case.open',
      summary: 'Open a case with a first message to a patient (R6.6)',
      roles: people,
      subject: 'people-in-body',
      body: bodies.openCaseBody,
      answers: { 201: schemas.caseAnswer },
      handle: 'case.open',
    },
    {
      method: 'get',
      path: '/clinic/cases/{caseId}',
      operation: 'case.read',
      summary: 'One case: where it stands and by when a reply is due',
      roles: everybody,
      subject: 'case',
      answers: { 200: schemas.caseAnswer },
      async handle(request) {
        const found = await caseOf(request);
        return found ? { status: 200, body: caseView(found) } : notFound('case');
      },
    },
    {
      method: 'put',
      path: '/clinic/cases/{caseId}/assignment',
      operation: 'case.assign',
      summary:
        'Take a case, hand it over, or give it back; the operations manager gives it to anybody (R6.5)',
      roles: people,
      subject: 'case',
      body: bodies.assignCaseBody,
      answers: { 200: schemas.caseAnswer },
      handle: 'case.assign',
    },
    {
      method: 'get',
      path: '/clinic/cases/{caseId}/thread',
      operation: 'case.read-thread',
      summary: 'What was written, 100 messages at a time (R6.7)',
      roles: carers,
      subject: 'case',
      content: true,
      query: schemas.threadQuery,
      answers: { 200: schemas.threadAnswer },
      async handle(request) {
        const found = await caseOf(request);
        const { caller, query } = request;
        const actor = { kind: 'staff' as const, staffId: caller.staffId, role: caller.role };
        const thread = found && (await readCaseThread(deps, found, actor, query.after as number));
        return thread ? { status: 200, body: thread } : notFound('case');
      },
    },
    {
      method: 'post',
      path: '/clinic/cases/{caseId}/messages',
      operation: 'case.write',
      summary: 'Reply, or ask for more: the clock stops (R6.3)',
      roles: carers,
      subject: 'case',
      content: true,
      body: bodies.writeMessageBody,
      answers: { 201: schemas.writtenAnswer },
      handle: 'case.write',
    },
    {
      method: 'post',
      path: '/clinic/cases/{caseId}/files',
      operation: 'case.add-file',
      summary: 'Upload a picture or a PDF, to be sent with a message within a day',
      roles: carers,
      subject: 'case',
      content: true,
      upload: takeIn,
      answers: { 201: schemas.fileAnswer },
      handle: 'case.add-file',
    },
    {
      method: 'get',
      path: '/clinic/cases/{caseId}/files/{fileId}',
      operation: 'case.read-file',
      summary: 'A file of the case, or a small picture of it (R6.7)',
      roles: carers,
      subject: 'case',
      content: true,
      query: schemas.fileQuery,
      contentTypes: fileTypes,
      answers: { 200: schemas.fileContent },
      handle: read,
    },
    {
      method: 'post',
      path: '/clinic/cases/{caseId}/close',
      operation: 'case.close',
      summary: 'Close a case; what waits for a reply goes on waiting (R6.3)',
      roles: carers,
      subject: 'case',
      answers: { 200: schemas.caseAnswer },
      handle: 'case.close',
    },
    {
      method: 'post',
      path: '/clinic/cases/{caseId}/documentation',
      operation: 'case.document',
      summary: 'Say that the contact is documented in the journal, and pictures handled (R6.4)',
      roles: carers,
      subject: 'case',
      body: bodies.documentContactBody,
      answers: { 200: schemas.caseAnswer },
      handle: 'case.document',
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/chat',
      operation: 'meeting.read-chat',
      summary: 'What was written beside the video, 100 messages at a time (R4.4)',
      roles: carers,
      subject: 'meeting',
      content: true,
      query: schemas.threadQuery,
      answers: { 200: schemas.chatAnswer },
      handle: async ({ params, query }) => ({
        status: 200,
        body: await partOf(records, params.meetingId ?? '', query.after as number),
      }),
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/chat',
      operation: 'meeting.write-chat',
      summary: 'Write beside the video, from when the door opens until it closes (R4.4)',
      roles: carers,
      subject: 'meeting',
      content: true,
      body: bodies.writeMessageBody,
      answers: { 201: schemas.chatWrittenAnswer },
      handle: 'meeting.write-chat',
    },
    {
      method: 'post',
      path: '/clinic/meetings/{meetingId}/chat/files',
      operation: 'meeting.add-file',
      summary: 'Upload a picture or a PDF, to be sent in the chat',
      roles: carers,
      subject: 'meeting',
      content: true,
      upload: takeIn,
      answers: { 201: schemas.fileAnswer },
      handle: 'meeting.add-file',
    },
    {
      method: 'get',
      path: '/clinic/meetings/{meetingId}/chat/files/{chatFileId}',
      operation: 'meeting.read-file',
      summary: 'A file of the chat, or a small picture of it (R4.4)',
      roles: carers,
      subject: 'meeting',
      content: true,
      query: schemas.fileQuery,
      contentTypes: fileTypes,
      answers: { 200: schemas.fileContent },
      handle: read,
    },
  ];
}
