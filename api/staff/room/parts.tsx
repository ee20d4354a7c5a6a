import type { ComponentChildren } from 'preact';
import type { Confirmation } from '../../../records/evidence';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { TextField } from '../../frame/fields';
import { Icon } from '../../frame/icons';
import { Banner, Button, ButtonLink, ButtonRow, ErrorSummary, Facts, Tag } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { ForTime } from '../meeting/posted';
import { clockTime } from '../../frame/time';
import { PhoneNumber } from '../../pages/page';
import { Bar } from '../../patient/room/call-parts';
import { roomTexts } from '../../patient/room/room-texts';
import { RoomChecklist } from '../meeting/room-checklist';
import { deskMeetingPath } from '../frame/paths';
import { deskWords } from '../frame/words';
import { minutesSince } from '../today/now-cells';
import type { RoomPerson, RoomView } from './room-now';
import { deskRoomTexts } from './room-texts';

/**
 * What stands beside the video at the desk. Each part with an id and `data-part` is taken over anew by the
 * page's script when something changes, unless somebody writes in it.
 */

/** What a part is made of. */
export interface PartProps {
  view: RoomView;
  language: Language;
  guard: FormGuard;
  at: Date;
}

const roomOf = ({ meeting }: RoomView, page = ''): string =>
  deskMeetingPath(meeting.meetingId, page === '' ? 'room' : `room/${page}`);
const atClock = ({ at }: Confirmation, language: Language): string => clockTime(at, language);

const Part = ({
  id,
  title,
  isLive = false,
  children,
}: {
  id: string;
  title: string;
  isLive?: boolean;
  children: ComponentChildren;
}) => (
  <section id={id} data-part class="side-part" aria-labelledby={`${id}-title`}>
    <h2 id={`${id}-title`}>{title}</h2>
    <div {...(isLive ? { 'aria-live': 'polite' } : {})}>{children}</div>
  </section>
);

/** Who is in the room, who waits and since when, who has tried; and what keeps the patient out. */
export function Who({ view, language, at }: PartProps) {
  const words = deskRoomTexts[language].who;
  const { meeting, room } = view;
  const { gates, state } = meeting.course;
  const to = (page: string): string => deskMeetingPath(meeting.meetingId, page);
  const [form] = gates.formsMissing;
  return (
    <Part id="who-is-here" title={words.title} isLive>
      <ul class="plain">
        {room.people.map((person) => (
          <li key={person.participantId}>
            <strong>{deskWords[language].participants[person.role]}</strong>{' '}
            <Where person={person} language={language} at={at} />
            {person.isKeptOut && <Tag tone={person.isIn ? 'danger' : 'warning'}>{words.keptOut}</Tag>}
          </li>
        ))}
      </ul>
      {room.people.some(({ isIn, isKeptOut }) => isIn && isKeptOut) && (
        <Banner kind="error">{words.keptOutIsIn}</Banner>
      )}
      {state !== 'ended' && !gates.consentGiven && (
        <p>
          {words.consent} <a href={to('consent')}>{words.consentLink}</a>
        </p>
      )}
      {state !== 'ended' && form !== undefined && (
        <p>
          {words.form} <a href={to(`forms/${form}`)}>{words.formLink}</a>
        </p>
      )}
    </Part>
  );
}

function Where({ person, language, at }: { person: RoomPerson; language: Language; at: Date }) {
  const words = deskRoomTexts[language];
  const { isIn, waitsSince, failed } = person;
  if (isIn)
    return (
      <Tag tone="success" icon="video">
        {words.who.in}
      </Tag>
    );
  return (
    <>
      {waitsSince === null ? (
        <Tag>{words.who.out}</Tag>
      ) : (
        <Tag tone="action" icon="clock">
          {words.who.waits} {clockTime(waitsSince, language)},{' '}
          <span data-minutes-since={waitsSince}>{minutesSince(waitsSince, at)}</span> {words.who.minutes}
        </Tag>
      )}
      {failed && (
        <span class="hint">
          {words.who.failed} {clockTime(failed.at, language)}: {words.failed[failed.reason]}
        </span>
      )}
    </>
  );
}

/** Lets the patient in: staff confirm what R4.7 asks for before the door opens for them. */
export function LetIn({ view, language, guard }: PartProps) {
  const words = deskRoomTexts[language].letIn;
  const { beforeOpening } = view.room.confirmed;
  return (
    <Part id="let-in" title={words.title}>
      {beforeOpening ? (
        <Done>
          {words.done} {atClock(beforeOpening, language)}
        </Done>
      ) : (
        <RoomChecklist
          language={language}
          action={roomOf(view, 'let-in')}
          guard={guard}
          meeting={view.meeting}
          remembered={view.remembered}
          button={words.button}
          isPrimary={view.room.door.state !== 'may-enter'}
          isInPlace
        />
      )}
    </Part>
  );
}

/** At each start: that all who are there, on and off camera, may take part (R4.7). */
export function Entitled({ view, language, guard }: PartProps) {
  const words = deskRoomTexts[language].entitled;
  const { atStart } = view.room.confirmed;
  return (
    <Part id="entitled" title={words.title}>
      {atStart ? (
        <Done>
          {words.done} {atClock(atStart, language)}
        </Done>
      ) : (
        <>
          <p>{words.text}</p>
          <PostForm action={roomOf(view, 'entitled')} guard={guard} class="in-place">
            <ForTime sight={view} />
            <Button kind="secondary">{words.button}</Button>
          </PostForm>
        </>
      )}
    </Part>
  );
}

const Done = ({ children }: { children: ComponentChildren }) => (
  <p>
    <Tag tone="success" icon="check">
      {children}
    </Tag>
  </p>
);

/** What was typed of where the patient is, with what is wrong with it. */
export interface TypedWhereabouts {
  place: string;
  number: string;
  wrong: ('place' | 'number')[];
}

/** Where the patient is and how to reach them, asked at the start (R4.8). */
export function WhereaboutsPart({
  view,
  language,
  guard,
  typed,
}: PartProps & { typed: TypedWhereabouts | null }) {
  const words = deskRoomTexts[language].whereabouts;
  const { whereabouts, patient } = view;
  const { mobile } = patient.personal;
  const form = (
    <PostForm
      action={roomOf(view, 'whereabouts')}
      guard={guard}
      class="in-place"
      autocomplete="off"
      noValidate
    >
      {typed && typed.wrong.length > 0 && (
        <ErrorSummary
          title={words.problems.title}
          problems={typed.wrong.map((field) => ({ field, text: words.problems[field] }))}
        />
      )}
      <TextField
        id="place"
        name="place"
        label={words.place}
        hint={words.placeHint}
        value={typed?.place ?? whereabouts?.place ?? ''}
        problem={typed?.wrong.includes('place') ? words.problems.place : null}
        language={language}
      />
      <TextField
        id="number"
        name="number"
        label={words.number}
        inputMode="tel"
        value={typed?.number ?? whereabouts?.number ?? (mobile ? asWritten(mobile.number) : '')}
        problem={typed?.wrong.includes('number') ? words.problems.number : null}
        language={language}
      />
      <Button kind="secondary">{words.save}</Button>
    </PostForm>
  );
  return (
    <Part id="whereabouts" title={words.title}>
      {whereabouts && typed === null ? (
        <>
          <Facts
            facts={[
              { term: words.at, value: whereabouts.place },
              { term: words.reach, value: <PhoneNumber number={whereabouts.number} />, icon: 'phone' },
            ]}
          />
          <details>
            <summary>{words.change}</summary>
            {form}
          </details>
        </>
      ) : (
        <>
          <p>{words.text}</p>
          {form}
        </>
      )}
      <ButtonRow>
        <ButtonLink href="tel:112" kind="danger" icon="phone">
          {deskRoomTexts[language].emergency}
        </ButtonLink>
      </ButtonRow>
    </Part>
  );
}

/** What to do where it does not work. */
export const OtherWays = ({ view, language }: PartProps) => (
  <ButtonRow>
    <ButtonLink href={deskMeetingPath(view.meeting.meetingId, 'backup')} kind="secondary">
      {deskRoomTexts[language].backUp}
    </ButtonLink>
    <ButtonLink href={deskMeetingPath(view.meeting.meetingId, 'tried')} kind="quiet">
      {deskRoomTexts[language].who.called}
    </ButtonLink>
  </ButtonRow>
);

/** R7.6: shown wherever staff meet somebody under 18. */
export const ChildHint = ({ language }: { language: Language }) => (
  <Banner kind="warning" title={deskRoomTexts[language].child.title}>
    {deskRoomTexts[language].child.text}
  </Banner>
);

/**
 * What the room's script may have to say (api/patient/assets/room.js): each stands there from the start, or
 * it would not be read out.
 */
export function Notices({ view, language }: { view: RoomView; language: Language }) {
  const words = roomTexts[language];
  return (
    <div id="notices">
      <p id="contact" role="status">
        <span data-says="no-contact" hidden>
          {words.noContact}
        </span>
        <span data-says="away" hidden>
          {words.away}
        </span>
        <span data-says="logged-out" hidden>
          {words.loggedOut}{' '}
          <a href={roomOf(view)} target="_blank" rel="noopener">
            {words.logIn}
          </a>
        </span>
        <span data-says="connecting" hidden>
          {words.connecting}
        </span>
      </p>
      {/* The clinic is never told that it is late: who reads this is the clinic. */}
      <p id="late" hidden>
        <span hidden />
      </p>
      <p id="slow" role="status">
        <span hidden>{words.slow}</span>
      </p>
      <p id="blocked" role="status">
        {(['camera', 'microphone'] as const).map((device) => (
          <span key={device} data-device={device} hidden>
            {words.blocked[device]}
          </span>
        ))}
      </p>
      <p id="unread" role="status">
        <span hidden>{words.unread}</span>
      </p>
      <div id="people" role="status">
        <p id="alone" hidden>
          {words.alone}
        </p>
        <p id="plates-title" hidden>
          {words.inMeeting}
        </p>
        <ul class="plates" aria-labelledby="plates-title" />
      </div>
    </div>
  );
}

/** The bar of the call, with the way to end it for everybody: two presses, since it cannot be taken back. */
export function DeskBar({ view, language }: { view: RoomView; language: Language }) {
  const words = deskRoomTexts[language].endForAll;
  return (
    <>
      <Bar language={language}>
        <button type="button" id="end-for-all" class="secondary" aria-expanded="false" aria-controls="sure">
          <Icon name="leave" />
          {words.open}
        </button>
      </Bar>
      <section
        id="sure"
        class="card"
        aria-labelledby="sure-title"
        data-to={deskMeetingPath(view.meeting.meetingId, 'outcome')}
        hidden
      >
        <h2 id="sure-title" tabIndex={-1}>
          {words.sure}
        </h2>
        <p>{words.text}</p>
        <ButtonRow>
          <button type="button" id="end-now" class="danger">
            {words.yes}
          </button>
          <button type="button" id="end-not" class="secondary">
            {words.no}
          </button>
        </ButtonRow>
      </section>
    </>
  );
}

/** What the room's script shows in place of the call: that it failed, why one is out, that one has left. */
export function AfterCall({ view, language }: { view: RoomView; language: Language }) {
  const words = deskRoomTexts[language];
  const to = (page: string): string => deskMeetingPath(view.meeting.meetingId, page);
  return (
    <>
      <section id="failed" class="problems" role="alert" hidden>
        <h2 tabIndex={-1}>{words.failedRoom.title}</h2>
        <p>{words.failedRoom.text}</p>
        <ButtonRow>
          <button type="button" class="again">
            {words.failedRoom.again}
          </button>
          <ButtonLink href={to('backup')} kind="secondary">
            {words.backUp}
          </ButtonLink>
        </ButtonRow>
      </section>
      <section id="out" class="card main" role="alert" hidden>
        {(['elsewhere', 'removed', 'ended'] as const).map((why) => (
          <div key={why} data-why={why} hidden>
            <h2 tabIndex={-1}>{words.out[why].title}</h2>
            <p>{words.out[why].text}</p>
          </div>
        ))}
        <ButtonRow>
          <ButtonLink href={to('outcome')}>{words.outcome}</ButtonLink>
          <button type="button" class="again secondary">
            {words.out.again}
          </button>
        </ButtonRow>
      </section>
      <section id="left" class="card main" hidden>
        <h2 tabIndex={-1}>{words.left.title}</h2>
        <p>{words.left.text}</p>
        <ButtonRow>
          <ButtonLink href={to('outcome')}>{words.outcome}</ButtonLink>
          <button type="button" class="again secondary">
            {words.left.again}
          </button>
        </ButtonRow>
      </section>
    </>
  );
}
