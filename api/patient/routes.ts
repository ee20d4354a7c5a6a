import type { CommandDeps } from '../../commands/command';
import type { JitsiSettings } from '../../jitsi/room-token';
import type { PersonRole } from '../../rules/actor';
import { showMyMeeting } from './pages/my-meeting';
import type { PatientRoute } from './route';

/** What the patients' pages need to do their work. */
export interface PatientRouteDeps extends CommandDeps {
  jitsi: JitsiSettings;
}

const everybody: readonly PersonRole[] = ['patient', 'guardian', 'relative', 'interpreter', 'guest'];

/** The patients' table of routes: what they see and do, who of those who take part, and whose meeting it is (design, decision 10). */
export function patientRoutes(deps: PatientRouteDeps): PatientRoute[] {
  return [
    {
      method: 'get',
      path: '/my/meetings/{participantId}',
      operation: 'my.meeting',
      summary: 'When and with whom, and what is left to do',
      subject: 'participant',
      roles: everybody,
      handle: showMyMeeting(deps),
    },
  ];
}
