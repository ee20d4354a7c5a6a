import { saveMeeting } from '../../../use-cases/read-models/meeting-and-invoice';
import { toInstant } from '../../../rules/instant';
import type { FailedTry } from '../../../rules/gates';
import type { ParticipantRole } from '../../../rules/meeting';
import { MINUTE, inMs } from '../../api/helpers';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import { startService, type Service } from '../../support/service';

let service: Service;
let clinic: TestClinic;
beforeAll(async () => {
  service = await startService({ workers: false });
  clinic = await createClinic(service);
});
afterAll(() => service.close());

const book = async (): Promise<TestMeeting> =>
  clinic.book({ patientId: await clinic.addPatient(), startAt: inMs(5 * MINUTE) });

/** Saves a no-show as the workflow does when the evidence has been read. */
async function savedAsNoShow({ meetingId }: TestMeeting, decidedBy: 'evidence' | 'staff'): Promise<string[]> {
  const { course } = await service.records.meetings.get(meetingId);
  const { startVersion } = course.time;
  const at = toInstant(new Date());
  await saveMeeting(
    service.records,
    {
      ...course,
      version: course.version + 1,
      outcome: { outcome: 'no-show', decidedBy, because: [], way: null },
      happenings: [...course.happenings, { at, what: 'outcome', startVersion, detail: 'no-show' }],
    },
    new Date(),
  );
  const tasks = await service.records.tasks.ofMeeting(meetingId);
  return tasks.flatMap(({ kind, because }) => (kind === 'doubtful-outcome' ? because : []));
}

const tries = ({ meetingId, patientParticipantId }: TestMeeting, reason: FailedTry, role: ParticipantRole) =>
  service.records.evidence.refused({
    meetingId,
    startVersion: 1,
    participantId: patientParticipantId,
    role,
    reasons: [reason],
    at: toInstant(new Date()),
  });

it.each([
  ['technical-fault', 'patient', 'evidence', ['patient-tried-to-come-in']],
  ['said-so', 'relative', 'evidence', ['patient-tried-to-come-in']],
  // These say nothing of whether the patient tried.
  ['another-login', 'patient', 'evidence', []],
  ['technical-fault', 'staff', 'evidence', []],
  // Staff knew what they decided.
  ['technical-fault', 'patient', 'staff', []],
] as const)(
  'R5.6 a try that is noted between the evidence and the no-show: %s of %s, decided by %s',
  async (reason, role, decidedBy, expected) => {
    const meeting = await book();
    await tries(meeting, reason, role);
    expect(await savedAsNoShow(meeting, decidedBy)).toEqual(expected);
  },
);

it('R5.6 a no-show without any try is none to doubt', async () => {
  expect(await savedAsNoShow(await book(), 'evidence')).toEqual([]);
});
