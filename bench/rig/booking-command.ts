import type { BookMeeting } from '../../use-cases/meeting/bodies';
import { randomId } from '../../platform/keys/random-id';
import { FEE_CODE } from '../../local/made-up-clinic';
import type { Command } from '../../records/commands';
import { toInstant } from '../../rules/instant';
import { STAFF_ID, suitability } from './clinic-settings';

/** A booking of one patient with one member of staff as a command, as the API would have stored it. */
export const bookingCommand = (
  clinicId: string,
  patientId: string,
  startAt: Date,
  other: Partial<BookMeeting> = {},
): Command & { body: BookMeeting } => ({
  commandId: randomId(),
  clinicId,
  operation: 'meeting.book',
  targetId: randomId(),
  actor: { kind: 'staff', staffId: STAFF_ID, role: 'clinician' },
  reason: null,
  params: {},
  body: {
    startAt: startAt.toISOString(),
    durationMinutes: 30,
    patientId,
    participants: [{ role: 'staff', personId: null, staffId: STAFF_ID }],
    formIds: [],
    agreed: true,
    toldOfFee: true,
    correspondsToVisit: true,
    feeCode: FEE_CODE,
    noticeHours: null,
    interpreterNeeded: false,
    reference: null,
    suitability,
    ...other,
  },
  receivedAt: toInstant(new Date()),
});
