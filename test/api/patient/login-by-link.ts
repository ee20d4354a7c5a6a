import { linkCode } from '../../../integrations/sms/link';
import { createClinic, type TestClinic, type TestMeeting } from '../../support/clinic';
import type { testIdentityProvider } from '../../support/identity-provider';
import { testKeys } from '../../support/keys';
import { testPeople } from '../../support/patient';
import { startService, type Service } from '../../support/service';
import { DAY, inMs, type TestClock } from '../helpers';

/** The way in of a patient: a link of a meeting, and a login by a real OpenID provider. */

/** A link as an SMS would carry it, made and kept as the hand-over does it. */
export async function linkTo(
  { records }: Service,
  { meetingId }: TestMeeting,
  participantId: string,
): Promise<string> {
  const code = linkCode(testKeys.linkKeys, participantId);
  await records.links.save(code, { meetingId, participantId });
  return `/m/${code}`;
}

/** A service of which few guesses are taken, and a meeting in three days with its patient's link. */
export async function startForLogins(
  clock: TestClock,
  provider: ReturnType<typeof testIdentityProvider>,
): Promise<{ service: Service; clinic: TestClinic; meeting: TestMeeting; link: string }> {
  const service = await startService({
    workers: false,
    deadlineMs: 1_000,
    clock,
    identityProvider: provider.startFor,
    limits: { sessionGuesses: 20, linkGuesses: 3, logins: 1_000, loginsOfOne: 1_000 },
  });
  const clinic = await createClinic(service);
  const patientId = await clinic.addPatient({
    name: 'Hemlig Patientsson',
    personalNumber: testPeople.patient,
    birthDate: undefined,
  });
  const meeting = await clinic.book({ patientId, startAt: inMs(3 * DAY) });
  const link = await linkTo(service, meeting, meeting.patientParticipantId);
  return { service, clinic, meeting, link };
}
