import type { ClientSession } from 'mongoose';
import type { ClinicSettings } from '../../records/clinics';
import type { Meeting } from '../../records/meetings';
import type { Person } from '../../records/people';
import type { LedgerRow } from '../../records/ledger';
import type { NoticeKind } from '../../rules/notices';
import { hearsOfMeeting, type Way } from '../../rules/calendar/who-hears';
import { toInstant } from '../../rules/instant';
import type { HandOverView } from '../../rules/ledger';
import type { ActivityDeps } from '../deps';
import { overCapNow } from './sms-caps';

/** What the rule of the hand-over looks at, from the records as they are now. */
export async function viewOfHandOver(
  { records, smsPerDay }: Pick<ActivityDeps, 'records' | 'smsPerDay'>,
  {
    row,
    meeting,
    settings,
    patient,
    way,
    now,
  }: {
    row: LedgerRow<NoticeKind>;
    meeting: Meeting;
    settings: ClinicSettings;
    patient: Person;
    /** To the recipient. */
    way: Way;
    now: Date;
  },
  session?: ClientSession,
): Promise<HandOverView> {
  if (row.occasion > meeting.course.time.startVersion) {
    throw new Error('the read model is behind its workflow: look again');
  }
  const participant = meeting.participants.find((each) => each.participantId === row.participantId);
  const stays = await records.evidence.stays(meeting.meetingId, row.occasion);
  return {
    now: toInstant(now),
    kind: row.kind,
    occasion: row.occasion,
    lastUsefulAt: row.lastUsefulAt,
    meeting: {
      state: meeting.course.state,
      outcome: meeting.course.outcome?.outcome ?? null,
      startVersion: meeting.course.time.startVersion,
    },
    // R7.5: where the patient's data are protected, nobody hears of the meeting before the clinic has
    // approved it by hand.
    way: patient.protectedIdentity ? { channel: null, obstacle: 'protected-identity' } : way,
    hears: participant !== undefined && hearsOfMeeting(participant.role, patient.personal.birthDate, now),
    inTheRoom: stays.some((stay) => stay.participantId === row.participantId && stay.leftAt === null),
    overCap:
      way.channel === 'sms'
        ? await overCapNow({ records, smsPerDay }, { row, settings, number: way.to, now }, session)
        : null,
  };
}
