import type { DeskRole } from '../../../rules/staff';
import { takeOverMeetingBody } from '../../../use-cases/meeting/bodies';
import { DESK_PATH } from '../frame/paths';
import { everybody, type DeskRoute, type DeskRouteDeps } from '../frame/route';
import { dayForm, giveDay, showDay } from './day';
import { meetingForm, showMeetingTakeOver, takeMeetingOver } from './meeting';

/** Those who give others' meetings to others. */
const givers: readonly DeskRole[] = ['booker', 'operations-manager'];

/** Why, for the log; what is no reason of ours is none. */
const reasonIn = (body: unknown): string | null =>
  takeOverMeetingBody.pick({ reason: true }).strip().safeParse(body).data?.reason ?? null;

/** To take a meeting over, and to give a colleague's day to a stand-in (R1.7). */
export function takeOverRoutes(deps: DeskRouteDeps): DeskRoute[] {
  const ofMeeting = `${DESK_PATH}/meetings/{meetingId}/take-over`;
  const ofDay = `${DESK_PATH}/take-over`;
  return [
    {
      method: 'get',
      path: ofMeeting,
      operation: 'meeting.read',
      summary: 'Who has a meeting, and who can take it over',
      roles: everybody,
      subject: 'meeting',
      handle: (request) => showMeetingTakeOver(deps, request),
    },
    {
      method: 'post',
      path: ofMeeting,
      operation: 'meeting.take-over',
      summary: 'Gives the place of one member of staff to another',
      roles: everybody,
      subject: 'meeting',
      body: meetingForm,
      reasonIn,
      handle: (request) => takeMeetingOver(deps, request),
    },
    {
      method: 'get',
      path: ofDay,
      operation: 'meeting.list',
      summary: 'A colleague’s meetings of a day, for a stand-in',
      roles: givers,
      subject: 'clinic',
      handle: (request) => showDay(deps, request),
    },
    {
      method: 'post',
      path: ofDay,
      operation: 'meeting.take-over',
      summary: 'Gives a colleague’s meetings of a day to a stand-in, each by itself',
      roles: givers,
      subject: 'clinic',
      body: dayForm,
      reasonIn,
      handle: (request) => giveDay(deps, request),
    },
  ];
}
