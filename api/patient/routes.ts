import type { CommandDeps } from '../../commands/command';
import type { JitsiSettings } from '../../jitsi/room-token';
import type { PersonRole } from '../../rules/actor';
import { showDeviceTest } from './pages/device';
import { formBody, keepDraft, sendForm, showForm } from './pages/form';
import { showMyMeeting } from './pages/my-meeting';
import { enterByForm, enterFromPage, roomStatus, showRoom } from './pages/room';
import type { PatientRoute } from './route';

/** What the patients' pages need to do their work. */
export interface PatientRouteDeps extends CommandDeps {
  jitsi: JitsiSettings;
}

const everybody: readonly PersonRole[] = ['patient', 'guardian', 'relative', 'interpreter', 'guest'];
/** Those who decide for the patient (R7.1). */
const patientSide: readonly PersonRole[] = ['patient', 'guardian'];

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
    {
      method: 'get',
      path: '/my/meetings/{participantId}/forms/{formId}',
      operation: 'my.form',
      summary: 'A form to fill in, with what was filled in so far',
      subject: 'participant',
      roles: patientSide,
      handle: showForm(deps),
    },
    {
      method: 'post',
      path: '/my/meetings/{participantId}/forms/{formId}',
      operation: 'my.send-form',
      summary: 'Sends the form in, or keeps it for later',
      subject: 'participant',
      roles: patientSide,
      body: formBody,
      handle: sendForm(deps),
    },
    {
      method: 'post',
      path: '/my/meetings/{participantId}/forms/{formId}/draft',
      operation: 'my.keep-draft',
      summary: 'Keeps what was filled in so far',
      subject: 'participant',
      roles: patientSide,
      quiet: true,
      body: formBody,
      handle: keepDraft(deps),
    },
    {
      method: 'get',
      path: '/my/meetings/{participantId}/device',
      operation: 'my.device-test',
      summary: 'Tests camera, microphone and sound on the device',
      subject: 'participant',
      roles: everybody,
      handle: showDeviceTest,
    },
    {
      method: 'get',
      path: '/my/meetings/{participantId}/room',
      operation: 'my.room',
      summary: 'Waits at the door and embeds the room',
      subject: 'participant',
      roles: everybody,
      handle: showRoom(deps),
    },
    {
      method: 'get',
      path: '/my/meetings/{participantId}/room/status',
      operation: 'my.room-status',
      summary: 'How it stands at the door',
      subject: 'participant',
      roles: everybody,
      quiet: true,
      handle: roomStatus(deps),
    },
    {
      method: 'post',
      path: '/my/meetings/{participantId}/room/entry',
      operation: 'my.enter',
      summary: 'Lets one in, for the page that embeds the room',
      subject: 'participant',
      roles: everybody,
      handle: enterFromPage(deps),
    },
    {
      method: 'post',
      path: '/my/meetings/{participantId}/room',
      operation: 'my.enter-tab',
      summary: 'Lets one in, and leads to the room',
      subject: 'participant',
      roles: everybody,
      handle: enterByForm(deps),
    },
  ];
}
