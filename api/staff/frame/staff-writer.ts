import type { AddFile } from '../../../use-cases/thread/bodies';
import { writeAudit } from '../../access';
import type { PostedCompose, Writer } from '../../patient/thread/compose';
import { giveDeskCommand } from './command';
import type { DeskRequest, DeskRouteDeps } from './route';

/** Where a member of staff writes: a case (R6.7), or the chat of a meeting (R4.4). */
export interface StaffThread extends Pick<Writer, 'threadId' | 'patientId' | 'savesDraft' | 'holdBack'> {
  of: 'case' | 'meeting';
}

const operations = {
  case: { write: 'case.write', addFile: 'case.add-file' },
  meeting: { write: 'meeting.write-chat', addFile: 'meeting.add-file' },
} as const;

/** A member of staff as one who writes: under the reference and the role that let them in. */
export function staffWriter(
  deps: DeskRouteDeps,
  request: DeskRequest,
  { of, patientId, ...thread }: StaffThread,
): Writer {
  const { caller, clinic, member, postedKey, files } = request;
  const { write, addFile } = operations[of];
  const params: Record<string, string> =
    of === 'case' ? { caseId: thread.threadId } : { meetingId: thread.threadId };
  return {
    ...thread,
    clinicId: clinic.clinicId,
    patientId,
    by: caller.staffId,
    draftedBy: member.memberId,
    posted: request.body as PostedCompose,
    postedKey,
    files,
    // Staff have no limit of the day.
    takeMessage: () => Promise.resolve(true),
    takeFile: () => Promise.resolve(true),
    async fileCame(file: AddFile) {
      await writeAudit(deps, { operation: addFile }, { caller, params }, [patientId]);
      await giveDeskCommand(deps, request, { operation: addFile, params, body: file }, `/${file.fileId}`);
    },
    give: (body, key) =>
      giveDeskCommand(deps, { ...request, postedKey: key }, { operation: write, params, body }),
  };
}
