import { linkCode, linkTo } from '../../integrations/sms/link';
import type { KeyRing } from '../../platform/keys/key-ring';
import type { Records } from '../../records';
import type { Meeting } from '../../records/meetings';

/** What making a link needs. */
export interface LinkDeps {
  records: Pick<Records, 'links'>;
  linkKeys: KeyRing;
  publicUrl: string;
}

/**
 * The link of one who takes part, for staff to hand over where no notice carries it. It leads to the login
 * and opens nothing by itself (R2.3). Null for staff, who come in by the clinic's own system or the desk, and
 * for one who does not take part.
 */
export async function participantLink(
  { records, linkKeys, publicUrl }: LinkDeps,
  { meetingId, participants }: Pick<Meeting, 'meetingId' | 'participants'>,
  participantId: string,
): Promise<string | null> {
  const participant = participants.find((each) => each.participantId === participantId);
  if (!participant || participant.role === 'staff') return null;
  const code = linkCode(linkKeys, participantId);
  await records.links.save(code, { meetingId, participantId });
  return linkTo(publicUrl, code);
}
