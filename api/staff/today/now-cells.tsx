import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { outcomeOf, type Meeting } from '../../../records/meetings';
import { msOf } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { Tag, type Tone } from '../../frame/parts';
import { clockTime } from '../../frame/time';
import { DeviceLight } from '../meeting/device-light';
import { deskMeetingPath } from '../frame/paths';
import { deskWords } from '../frame/words';
import type { MeetingNow, Trouble } from './meeting-now';
import { todayTexts } from './today-texts';

/** What is shown of a meeting now, for one who looks at the day. */
export interface Cell {
  meeting: Meeting;
  now: MeetingNow;
  language: Language;
  /** The one who looks takes part: the room is theirs to go to. */
  isMine: boolean;
  at: Date;
}

/** Where a meeting stands, and the way to its room: to look there lets nobody in. */
export const StateCell = (cell: Cell) => (
  <div data-live="state" data-meeting={cell.meeting.meetingId}>
    <State {...cell} />
  </div>
);

/** Who waits and who is in the room, what is wrong with what helps, and what has been done before. */
export const NowCell = (cell: Cell) => (
  <div
    data-live="now"
    data-meeting={cell.meeting.meetingId}
    data-time={clockTime(cell.meeting.course.time.startAt, cell.language)}
    {...(cell.now.waits.length > 0 ? { 'data-waits': 'yes' } : {})}
  >
    <Now {...cell} />
  </div>
);

/** The contents of both, for a page that lies open; no name is in them. */
export const liveRow = (cell: Cell) => ({
  meetingId: cell.meeting.meetingId,
  state: renderToString(<State {...cell} />),
  now: renderToString(<Now {...cell} />),
  waits: cell.now.waits.length > 0,
});

function State({ meeting, language, isMine, at }: Cell): VNode {
  const { state, time } = meeting.course;
  const isOpen = state !== 'ended' && at.getTime() >= msOf(time.doorOpensAt);
  return (
    <>
      <StateTag meeting={meeting} language={language} />{' '}
      {isMine && isOpen && (
        <a href={deskMeetingPath(meeting.meetingId, 'room')}>{todayTexts[language].toRoom}</a>
      )}
    </>
  );
}

function Now({ meeting, now, language, at }: Cell): VNode {
  const words = todayTexts[language];
  const { participants } = deskWords[language];
  return (
    <>
      {now.waits.map(({ role, since }) => (
        <p key={role}>
          <Tag tone="action" icon="clock">
            {participants[role]} {words.waitsSince}{' '}
            <span data-minutes-since={since}>{minutesSince(since, at)}</span> {words.minutes}
          </Tag>
        </p>
      ))}
      {now.inRoom.length > 0 && (
        <p>
          {words.inRoom} {now.inRoom.map((role) => participants[role].toLocaleLowerCase('sv')).join(', ')}
        </p>
      )}
      {now.troubles.map((trouble) => {
        const { what, help } = words.troubles[trouble];
        return (
          <p key={trouble}>
            <strong>{what}</strong> <a href={helpPath(meeting, trouble)}>{help}</a>
          </p>
        );
      })}
      <Lights meeting={meeting} now={now} language={language} at={at} />
    </>
  );
}

/** Where one does what helps. */
function helpPath({ meetingId, course }: Meeting, trouble: Trouble): string {
  const to = (page: string): string => deskMeetingPath(meetingId, page);
  switch (trouble) {
    case 'unclear':
      return to('outcome');
    case 'not-registered':
      return to('registered');
    case 'consent-missing':
      return to('consent');
    case 'form-missing':
      return to(`forms/${course.gates.formsMissing[0] ?? ''}`);
    case 'clinic-not-ready':
      return to('readiness');
    case 'clinic-late':
      return to('room');
    case 'cannot-get-in':
      return to('backup');
    case 'consent-refused':
    case 'not-reached':
      return to('');
  }
}

/** Whole minutes, the page's script counts them on. */
export const minutesSince = (since: string, at: Date): number =>
  Math.max(0, Math.floor((at.getTime() - msOf(since)) / 60_000));

/** What has been done before the meeting, and what lacks: in words, the colour says it again. */
function Lights({ meeting, now, language, at }: Pick<Cell, 'meeting' | 'now' | 'language' | 'at'>) {
  const words = todayTexts[language];
  const { state, lacks } = now;
  // What lacks and is a trouble by now has been said.
  const isSaid = (trouble: Trouble): boolean => now.troubles.includes(trouble);
  if (state === 'ended') return null;
  return (
    <>
      {!isSaid('consent-missing') && !isSaid('consent-refused') && (
        <Tag tone={lacks.consent ? 'warning' : 'success'}>
          {lacks.consent ? words.noConsent : words.consent}
        </Tag>
      )}{' '}
      {meeting.formIds.length > 0 && !isSaid('form-missing') && (
        <Tag tone={lacks.forms > 0 ? 'warning' : 'success'}>
          {lacks.forms > 0 ? words.noForm : words.form}
        </Tag>
      )}{' '}
      <DeviceLight test={now.device} language={language} at={at} />
    </>
  );
}

/** Where a meeting stands, and what it came to. */
export function StateTag({ meeting, language }: { meeting: Meeting; language: Language }) {
  const words = deskWords[language];
  const outcome = outcomeOf(meeting)?.outcome;
  return (
    <Tag tone={toneOf(meeting)}>{outcome ? words.outcomes[outcome] : words.states[meeting.course.state]}</Tag>
  );
}

function toneOf(meeting: Meeting): Tone {
  const outcome = outcomeOf(meeting)?.outcome;
  if (outcome === 'unclear') return 'warning';
  switch (meeting.course.state) {
    case 'door-open':
    case 'under-way':
      return 'action';
    case 'ready':
      return 'success';
    case 'booked':
    case 'ended':
      return 'quiet';
  }
}
