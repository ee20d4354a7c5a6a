import type { ComponentChildren } from 'preact';
import type { Cost } from '../../../use-cases/invoice/costs';
import type { Meeting } from '../../../records/meetings';
import { minutesLater, type Instant } from '../../../rules/instant';
import { PhoneNumber } from '../../pages/page';
import type { PageContent, ParticipantRequest } from '../frame/route';
import { wording } from '../frame/wording';
import { PostForm } from '../frame/layout';
import { amount } from '../frame/money';
import { meetingPath } from '../frame/paths';
import { dayAndTime } from '../frame/time';
import { BackToMeeting } from '../frame/ways-on';
import { whyItWouldCost } from './why';

/**
 * What the page says before the click: whether it costs, by the same rules as the real proposal, and what can
 * be chosen.
 */
export interface ChangeView {
  cancel: Cost;
  move: Cost;
  offered: Instant[];
  /** Nothing can be changed here any more: from the start on (R5.5), or where it is over already. */
  closed: 'begun' | 'over' | null;
}

/** What is shown of a wish: for which time of the meeting, and what it costs. */
export const seenOf = ({ course }: Meeting, { kind, amountOre }: Cost): string =>
  `${course.time.startVersion} ${kind} ${amountOre ?? ''}`;

/**
 * Why nothing was done yet: it is not as it was shown any more, or the box that says that one is sure was
 * left empty.
 */
export interface AskedAgain {
  why: 'changed' | 'unsure';
  /** The new time that was chosen. */
  chosen: Instant | null;
}

/** The page: each of the two wishes with what it costs before its button. */
export function changePage(
  request: ParticipantRequest,
  view: ChangeView,
  again: AskedAgain | null = null,
): PageContent {
  const { language, meeting, participant, clinic, guard } = request;
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: again ? words.again[again.why].title : words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        {again && (
          <section class="problems" role="alert">
            <h2>{words.again[again.why].title}</h2>
            <p>{words.again[again.why].text}</p>
          </section>
        )}
        <p>
          {words.nowAt} <strong>{dayAndTime(meeting.course.time.startAt, language)}</strong>.
        </p>
        {view.closed ? (
          <p role="status">
            {words.closed[view.closed]} <PhoneNumber number={clinic.settings.phone} />
          </p>
        ) : (
          <>
            <section aria-labelledby="move">
              <h2 id="move">{words.moveTitle}</h2>
              <CostOf request={request} cost={view.move} />
              {view.offered.length === 0 ? (
                <p>
                  {words.callToMove} <PhoneNumber number={clinic.settings.phone} />
                </p>
              ) : (
                <PostForm guard={guard} action={to('change/time')}>
                  <input type="hidden" name="seen" value={seenOf(meeting, view.move)} />
                  <fieldset>
                    <legend>{words.choose}</legend>
                    {view.offered.map((startAt) => (
                      <label key={startAt}>
                        <input
                          type="radio"
                          name="startAt"
                          value={startAt}
                          checked={startAt === again?.chosen}
                          required
                        />
                        {dayAndTime(startAt, language)}
                      </label>
                    ))}
                  </fieldset>
                  <button type="submit">{words.move}</button>
                </PostForm>
              )}
            </section>
            <section aria-labelledby="cancel">
              <h2 id="cancel">{words.cancelTitle}</h2>
              <CostOf request={request} cost={view.cancel} />
              <PostForm guard={guard} action={to('change/cancel')}>
                <input type="hidden" name="seen" value={seenOf(meeting, view.cancel)} />
                <label>
                  <input type="checkbox" name="sure" value="yes" required />
                  {words.sure}
                </label>
                <button type="submit" class="secondary">
                  {words.cancel}
                </button>
              </PostForm>
            </section>
          </>
        )}
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

/** What it costs, why, and until when it costs nothing; the words stand before the button. */
function CostOf({
  request: { language, meeting },
  cost,
}: {
  request: ParticipantRequest;
  cost: Cost;
}): ComponentChildren {
  const words = texts[language];
  const { cancellationNoticeHours } = meeting.terms;
  const inTime = cost.because.some(({ reason }) => reason.endsWith('-in-time'));
  const reasons = inTime ? '' : whyItWouldCost(language, cost.because, cancellationNoticeHours).join(' ');
  if (cost.kind === 'none') {
    const lastInTime = minutesLater(meeting.course.time.startAt, -cancellationNoticeHours * 60);
    return (
      <p>
        <strong>{words.free}</strong>{' '}
        {inTime ? `${words.inTimeUntil} ${dayAndTime(lastInTime, language)}.` : reasons}
      </p>
    );
  }
  return (
    <p>
      <strong>
        {cost.amountOre === null
          ? words.costsSomething
          : `${words.costs} ${amount(cost.amountOre, language)}.`}
      </strong>{' '}
      {reasons} {words.approved}
    </p>
  );
}

const texts = wording({
  sv: {
    title: 'Boka om eller avboka',
    nowAt: 'Ditt möte är',
    again: {
      changed: {
        title: 'Det här ändrades medan du läste',
        text: 'Inget är gjort än. Läs hur det är nu, och tryck igen om du fortfarande vill.',
      },
      unsure: {
        title: 'Mötet är inte avbokat',
        text: 'Kryssa i rutan vid knappen om du är säker, och tryck igen.',
      },
    },
    sure: 'Ja, jag vill avboka',
    closed: {
      begun: 'Mötets tid har kommit, så det går inte att ändra här. Ring mottagningen:',
      over: 'Mötet är avbokat eller slut, så det går inte att ändra. Ring mottagningen om du vill ha en ny tid:',
    },
    moveTitle: 'Boka om',
    callToMove: 'Ring mottagningen så hittar ni en ny tid:',
    choose: 'Välj en ny tid',
    move: 'Boka om till den tiden',
    cancelTitle: 'Avboka',
    cancel: 'Avboka mötet',
    free: 'Det kostar inget.',
    inTimeUntil: 'Det gäller till',
    costs: 'Det kostar',
    costsSomething: 'Det kan kosta en avgift.',
    approved: 'Mottagningen bestämmer om avgiften ska tas ut, och du kan säga vad du tycker.',
  },
  en: {
    title: 'Rebook or cancel',
    nowAt: 'Your meeting is',
    again: {
      changed: {
        title: 'This changed while you were reading',
        text: 'Nothing has been done yet. Read how it is now, and press again if you still want to.',
      },
      unsure: {
        title: 'The meeting is not cancelled',
        text: 'Tick the box by the button if you are sure, and press again.',
      },
    },
    sure: 'Yes, I want to cancel',
    closed: {
      begun: 'The time of the meeting has come, so it cannot be changed here. Call the clinic:',
      over: 'The meeting is cancelled or over, so it cannot be changed. Call the clinic if you want another time:',
    },
    moveTitle: 'Rebook',
    callToMove: 'Call the clinic, and you will find a new time:',
    choose: 'Choose a new time',
    move: 'Rebook to that time',
    cancelTitle: 'Cancel',
    cancel: 'Cancel the meeting',
    free: 'It costs nothing.',
    inTimeUntil: 'That holds until',
    costs: 'It costs',
    costsSomething: 'It may cost a fee.',
    approved: 'The clinic decides whether the fee is charged, and you can say what you think.',
  },
});
