import type { ComponentChildren } from 'preact';
import { z } from 'zod';
import type { CancelMeeting, ChooseOfferedTime } from '../../../commands/bodies';
import { costsOf, type Cost } from '../../../records/costs';
import { msOf, toInstant, type Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { PhoneNumber } from '../../pages/page';
import { giveCommand } from '../command';
import type { PageContent, ParticipantRequest, PatientAnswer } from '../route';
import type { PatientRouteDeps } from '../routes';
import { wording } from '../wording';
import { PostForm } from './layout';
import { amount } from './money';
import { meetingPath } from './my-meeting';
import { afterCommand } from './outcome-of-command';
import { dayAndTime } from './time';
import { whyItCosts } from './why';

/** What the page says before the click: whether it costs, by the same rules as the real proposal, and what can be chosen. */
interface ChangeView {
  cancel: Cost;
  move: Cost;
  offered: Instant[];
  /** Neither is possible from the start on (R5.5). */
  hasBegun: boolean;
}

/** *Rebook or cancel*: says before the click whether it costs, and why (R1.5, R5.3–R5.5). */
export const showChange =
  ({ records, clock }: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const { meeting } = request;
    const now = clock.now();
    const { items } = await costsOf(records, meeting, toInstant(now), now);
    const costIf = (alternative: Cost['if']): Cost => items.find((item) => item.if === alternative)!;
    const offers = await records.offeredTimes.of(meeting.meetingId);
    return {
      page: changePage(request, {
        cancel: costIf('cancelled-by-patient'),
        move: costIf('moved-by-patient'),
        offered:
          offers && offers.chosen === null
            ? offers.startAts.filter((startAt) => msOf(startAt) > now.getTime()).sort()
            : [],
        hasBegun: meeting.course.state === 'ended' || msOf(meeting.course.time.startAt) <= now.getTime(),
      }),
    };
  };

/** Cancels; late or in time is judged by when it was received. */
export const cancelByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const body: CancelMeeting = { by: 'patient', receivedAt: null };
    return changed(deps, request, 'meeting.cancel', body);
  };

export const chooseTimeBody = z.object({
  startAt: z.iso.datetime().transform((text) => new Date(text).toISOString()),
});

/** Moves the meeting to one of the times that the clinic offers. */
export const moveByPatient =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PatientAnswer> => {
    const body: ChooseOfferedTime = request.body as z.infer<typeof chooseTimeBody>;
    return changed(deps, request, 'meeting.choose-offered-time', body);
  };

async function changed(
  deps: PatientRouteDeps,
  request: ParticipantRequest,
  operation: 'meeting.cancel' | 'meeting.choose-offered-time',
  body: unknown,
): Promise<PatientAnswer> {
  const { language, meeting, participant } = request;
  const params = { meetingId: meeting.meetingId };
  const answer = await giveCommand(deps, request, { operation, params, body });
  return afterCommand(language, answer, meetingPath(participant.participantId));
}

function changePage(request: ParticipantRequest, view: ChangeView): PageContent {
  const { language, meeting, participant, clinic, guard } = request;
  const words = texts[language];
  const to = (page: string): string => meetingPath(participant.participantId, page);
  return {
    title: words.title,
    main: (
      <>
        <h1>{words.title}</h1>
        <p>
          {words.nowAt} <strong>{dayAndTime(meeting.course.time.startAt, language)}</strong>.
        </p>
        {view.hasBegun ? (
          <p role="status">
            {words.begun} <PhoneNumber number={clinic.settings.phone} />
          </p>
        ) : (
          <>
            <section aria-labelledby="move">
              <h2 id="move">{words.moveTitle}</h2>
              <CostOf language={language} cost={view.move} />
              {view.offered.length === 0 ? (
                <p>
                  {words.callToMove} <PhoneNumber number={clinic.settings.phone} />
                </p>
              ) : (
                <PostForm guard={guard} action={to('change/time')}>
                  <fieldset>
                    <legend>{words.choose}</legend>
                    {view.offered.map((startAt) => (
                      <label key={startAt}>
                        <input type="radio" name="startAt" value={startAt} required />
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
              <CostOf language={language} cost={view.cancel} />
              <PostForm guard={guard} action={to('change/cancel')}>
                <button type="submit" class="secondary">
                  {words.cancel}
                </button>
              </PostForm>
            </section>
          </>
        )}
        <p>
          <a href={to('')}>{words.back}</a>
        </p>
      </>
    ),
  };
}

/** What it costs, and why; the words stand before the button. */
function CostOf({ language, cost }: { language: Language; cost: Cost }): ComponentChildren {
  const words = texts[language];
  const reasons = whyItCosts(language, cost.because).join(' ');
  if (cost.kind === 'none')
    return (
      <p>
        <strong>{words.free}</strong> {reasons}
      </p>
    );
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
    begun: 'Mötets tid har kommit, så det går inte att ändra här. Ring mottagningen:',
    moveTitle: 'Boka om',
    callToMove: 'Ring mottagningen så hittar ni en ny tid:',
    choose: 'Välj en ny tid',
    move: 'Boka om till den tiden',
    cancelTitle: 'Avboka',
    cancel: 'Avboka mötet',
    free: 'Det kostar inget.',
    costs: 'Det kostar',
    costsSomething: 'Det kan kosta en avgift.',
    approved: 'Mottagningen bestämmer om avgiften ska tas ut, och du kan säga vad du tycker.',
    back: 'Tillbaka till mötet',
  },
  en: {
    title: 'Rebook or cancel',
    nowAt: 'Your meeting is',
    begun: 'The time of the meeting has come, so it cannot be changed here. Call the clinic:',
    moveTitle: 'Rebook',
    callToMove: 'Call the clinic, and you will find a new time:',
    choose: 'Choose a new time',
    move: 'Rebook to that time',
    cancelTitle: 'Cancel',
    cancel: 'Cancel the meeting',
    free: 'It costs nothing.',
    costs: 'It costs',
    costsSomething: 'It may cost a fee.',
    approved: 'The clinic decides whether the fee is charged, and you can say what you think.',
    back: 'Back to the meeting',
  },
});
