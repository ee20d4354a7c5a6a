import type { z } from 'zod';
import { correctionReasons, outcomeOf } from '../../../records/meetings';
import { backUpWays, outcomes, outcomesByStaff } from '../../../rules/meeting';
import type { Language } from '../../../rules/notices';
import { correctOutcomeBody, stateOutcomeBody } from '../../../use-cases/meeting/bodies';
import { happeningsOf } from '../../../use-cases/meeting/timeline';
import { Choices } from '../../frame/fields';
import { Banner, Button, ButtonRow, ErrorSummary } from '../../frame/parts';
import type { PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { giveDeskCommand } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords } from '../frame/words';
import { EvidenceLine } from './evidence';
import { actPage, LeaveLink, Lines, pathOf } from './parts';
import { ForTime, formWith, isForOtherTime, refusedTo, toMeeting } from './posted';
import { staffOf } from './read-meeting';
import { isOver, withSight, type Sight } from './sight';
import { outcomeReason, stateWords } from './state-words';

/** What was chosen on a page that was not right yet. */
interface Chosen {
  outcome?: string | undefined;
  way?: string | undefined;
  reason?: string | undefined;
}

type Field = 'outcome' | 'way' | 'reason';

/** Which fields a schema finds wrong. */
const wrongFields = ({ issues }: z.ZodError): Field[] =>
  (['outcome', 'way', 'reason'] as const).filter((field) => issues.some(({ path }) => path[0] === field));

export const outcomeBody = formWith('outcome', 'time');

/** *State what the meeting came to*, with what happened before one's eyes (R5.1, R5.6). */
export const showOutcome =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => statePage(deps, request, sight, {}, []));

/** States it. */
export const stateOutcome =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { outcome } = request.body as z.infer<typeof outcomeBody>;
      const body = stateOutcomeBody.safeParse({ outcome });
      if (!body.success) return statePage(deps, request, sight, { outcome }, ['outcome']);
      if (await isForOtherTime(deps, request, sight)) return refusedTo(sight, 'moved-meanwhile');
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.state-outcome',
        body: body.data,
      });
      return toMeeting(sight, answer, 'outcome');
    });

async function statePage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  chosen: Chosen,
  wrong: Field[],
): Promise<PageAnswer> {
  const { language, guard } = request;
  const words = texts[language];
  const { outcomes: names } = deskWords[language];
  const settled = outcomeOf(sight.meeting);
  const page = actPage(request, sight, {
    title: words.stateTitle,
    children: (
      <>
        <Wrong wrong={wrong} language={language} />
        {settled?.outcome === 'unclear' && (
          <>
            <p>{words.unclear}</p>
            <Lines lines={settled.because.map((reason) => outcomeReason(reason, language))} />
          </>
        )}
        <PostForm action={pathOf(sight, 'outcome')} guard={guard} noValidate>
          <ForTime sight={sight} />
          <Choices
            id="outcome"
            name="outcome"
            label={words.what}
            language={language}
            chosen={chosen.outcome === undefined ? [] : [chosen.outcome]}
            problem={wrong.includes('outcome') ? words.wrong.outcome : null}
            choices={outcomesByStaff
              .filter((outcome) => outcome !== 'back-up-routine')
              .map((outcome) => ({ value: outcome, text: names[outcome], hint: words.hints[outcome] }))}
          />
          <p>
            <a href={pathOf(sight, 'backup')}>{words.byBackUp}</a>
          </p>
          <ButtonRow>
            <Button>{words.save}</Button>
            <LeaveLink sight={sight}>{words.leave}</LeaveLink>
          </ButtonRow>
        </PostForm>
        <EvidenceLine {...await evidenceOf(deps, sight, language)} />
      </>
    ),
  });
  return wrong.length > 0 ? { page, status: 422 } : { page };
}

const evidenceOf = async (
  { records }: DeskRouteDeps,
  sight: Sight,
  language: Language,
): Promise<Parameters<typeof EvidenceLine>[0]> => ({
  sight,
  language,
  happenings: await happeningsOf(records, sight.meeting, sight.now),
  staff: await staffOf({ records }, sight.meeting),
});

export const correctBody = formWith('outcome', 'way', 'reason', 'was');

/** *Correct what the meeting came to*, with the evidence and what it is now (R5.1). */
export const showCorrection =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => correctPage(deps, request, sight, {}, []));

/** Corrects it; what another has made of it meanwhile is not overwritten. */
export const correctOutcome =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const chosen = request.body as z.infer<typeof correctBody>;
      const { outcome, way, reason, was } = chosen;
      const isBackUp = outcome === 'back-up-routine';
      const body = correctOutcomeBody.safeParse({
        outcome,
        reason,
        was,
        way: isBackUp ? (way ?? null) : null,
      });
      if (!body.success) return correctPage(deps, request, sight, chosen, wrongFields(body.error));
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.correct-outcome',
        body: body.data,
      });
      return toMeeting(sight, answer, 'corrected');
    });

async function correctPage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  chosen: Chosen,
  wrong: Field[],
): Promise<PageAnswer> {
  const { language, guard } = request;
  const words = texts[language];
  const { outcomes: names } = deskWords[language];
  const { corrections, ways } = stateWords[language];
  const now = outcomeOf(sight.meeting);
  if (!now || !isOver(sight)) return refusedTo(sight, 'not-ended');
  const of = (value: string | undefined): string[] => (value === undefined ? [] : [value]);
  const page = actPage(request, sight, {
    title: words.correctTitle,
    children: (
      <>
        <Wrong wrong={wrong} language={language} />
        <p>
          {words.nowIs} <strong>{names[now.outcome]}</strong>. {words.follows}
        </p>
        <EvidenceLine {...await evidenceOf(deps, sight, language)} />
        <PostForm action={pathOf(sight, 'correct')} guard={guard} noValidate>
          <input type="hidden" name="was" value={now.outcome} />
          <Choices
            id="outcome"
            name="outcome"
            label={words.after}
            language={language}
            chosen={of(chosen.outcome)}
            problem={wrong.includes('outcome') ? words.wrong.outcome : null}
            choices={outcomes
              .filter((outcome) => outcome !== 'unclear' && (outcome !== now.outcome || now.way !== null))
              .map((outcome) => ({ value: outcome, text: names[outcome] }))}
          />
          <Choices
            id="way"
            name="way"
            label={words.wayIfBackUp}
            language={language}
            chosen={of(chosen.way)}
            problem={wrong.includes('way') ? words.wrong.way : null}
            choices={suitableWays(sight).map((way) => ({ value: way, text: ways[way] }))}
          />
          <Choices
            id="reason"
            name="reason"
            label={words.why}
            language={language}
            chosen={of(chosen.reason)}
            problem={wrong.includes('reason') ? words.wrong.reason : null}
            choices={correctionReasons.map((reason) => ({ value: reason, text: corrections[reason] }))}
          />
          <ButtonRow>
            <Button>{words.correct}</Button>
            <LeaveLink sight={sight}>{words.leave}</LeaveLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return wrong.length > 0 ? { page, status: 422 } : { page };
}

export const backUpBody = formWith('way', 'time');

/** *Switch to the back-up routine*, in a way that suits the person (R4.6). */
export const showBackUp =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => backUpPage(request, sight, false));

/** Switches; a deaf patient is not called. */
export const switchToBackUp =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const { way } = request.body as z.infer<typeof backUpBody>;
      const body = stateOutcomeBody.safeParse({ outcome: 'back-up-routine', way: way ?? null });
      if (!body.success) return backUpPage(request, sight, true);
      if (await isForOtherTime(deps, request, sight)) return refusedTo(sight, 'moved-meanwhile');
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.state-outcome',
        body: body.data,
      });
      return toMeeting(sight, answer, 'backup');
    });

function backUpPage(request: DeskRequest, sight: Sight, isWrong: boolean): PageAnswer {
  const { language, guard } = request;
  const words = texts[language];
  const { ways } = stateWords[language];
  const { unsuitableWays } = sight.patient.personal;
  const page = actPage(request, sight, {
    title: words.backUpTitle,
    children: (
      <>
        <Wrong wrong={isWrong ? ['way'] : []} language={language} />
        <p>{words.backUp}</p>
        {unsuitableWays.length > 0 && (
          <Banner kind="warning">
            {`${words.unsuitable} ${unsuitableWays.map((way) => ways[way].toLowerCase()).join(', ')}.`}
          </Banner>
        )}
        <PostForm action={pathOf(sight, 'backup')} guard={guard} noValidate>
          <ForTime sight={sight} />
          <Choices
            id="way"
            name="way"
            label={words.how}
            language={language}
            problem={isWrong ? words.wrong.way : null}
            choices={suitableWays(sight).map((way) => ({
              value: way,
              text: ways[way],
              hint: words.wayHints[way],
            }))}
          />
          <ButtonRow>
            <Button>{words.switch}</Button>
            <LeaveLink sight={sight}>{words.leave}</LeaveLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return isWrong ? { page, status: 422 } : { page };
}

const suitableWays = ({ patient }: Sight) =>
  backUpWays.filter((way) => !patient.personal.unsuitableWays.includes(way));

function Wrong({ wrong, language }: { wrong: Field[]; language: Language }) {
  const words = texts[language];
  return wrong.length === 0 ? null : (
    <ErrorSummary
      title={words.missing}
      problems={wrong.map((field) => ({ field, text: words.wrong[field] }))}
    />
  );
}

const texts = wording({
  sv: {
    stateTitle: 'Ange vad mötet blev',
    unclear: 'Uppgifterna från mötet räcker inte:',
    what: 'Vad blev mötet?',
    hints: {
      completed: 'Ni träffades i mötet. Besöket registreras och kan kosta en avgift.',
      'no-show': 'Patienten kom inte, och ingenting tyder på att patienten försökte. Kan kosta en avgift.',
      'clinic-absent': 'Ingen från mottagningen kom. Kostar aldrig något.',
      'could-not-start': 'Formulär, samtycke eller tolk saknades. Kostar aldrig något.',
    },
    byBackUp: 'Ni träffades på ett annat sätt: välj reservrutinen',
    save: 'Spara',
    leave: 'Ändra inget',
    correctTitle: 'Rätta vad mötet blev',
    nowIs: 'Nu står det:',
    follows: 'En faktura som redan gått ut krediteras och ersätts. Rättelsen sparas med ditt namn.',
    after: 'Vad blev mötet egentligen?',
    wayIfBackUp: 'Om det blev reservrutinen: på vilket sätt?',
    why: 'Varför rättar du?',
    correct: 'Rätta',
    backUpTitle: 'Byt till reservrutinen',
    backUp:
      'Använd den när tekniken krånglar. Patienten ser på sin sida hur mötet fortsätter. Inga fler sms skickas, och ingen avgift tas ut.',
    unsuitable: 'Passar inte patienten:',
    how: 'Hur ska mötet fortsätta?',
    wayHints: {
      telephone: 'Du ringer patienten.',
      'text-thread': 'Ni skriver till varandra i ett ärende.',
      'video-telephony': 'Till exempel Bildtelefoni.net.',
      'physical-visit': 'Patienten kommer till mottagningen.',
    },
    switch: 'Byt till reservrutinen',
    missing: 'Något saknas',
    wrong: {
      outcome: 'Välj vad mötet blev.',
      way: 'Välj ett sätt som passar patienten.',
      reason: 'Välj ett skäl.',
    },
  },
  en: {
    stateTitle: 'State what the meeting came to',
    unclear: 'The evidence of the meeting is not enough:',
    what: 'What did the meeting come to?',
    hints: {
      completed: 'You met in the meeting. The visit is registered and can cost a fee.',
      'no-show': 'The patient did not come, and nothing tells that they tried. Can cost a fee.',
      'clinic-absent': 'Nobody of the clinic came. Never costs anything.',
      'could-not-start': 'A form, consent or the interpreter was missing. Never costs anything.',
    },
    byBackUp: 'You met in another way: choose the back-up routine',
    save: 'Save',
    leave: 'Change nothing',
    correctTitle: 'Correct what the meeting came to',
    nowIs: 'It says now:',
    follows: 'An invoice that has gone out is credited and replaced. The correction is kept with your name.',
    after: 'What did the meeting really come to?',
    wayIfBackUp: 'If it was the back-up routine: in which way?',
    why: 'Why do you correct it?',
    correct: 'Correct',
    backUpTitle: 'Switch to the back-up routine',
    backUp:
      'Use it when technology fails. The patient sees on their page how the meeting goes on. No more SMS are sent, and no fee is charged.',
    unsuitable: 'Does not suit the patient:',
    how: 'How is the meeting to go on?',
    wayHints: {
      telephone: 'You call the patient.',
      'text-thread': 'You write to each other in a case.',
      'video-telephony': 'For example Bildtelefoni.net.',
      'physical-visit': 'The patient comes to the clinic.',
    },
    switch: 'Switch to the back-up routine',
    missing: 'Something is missing',
    wrong: {
      outcome: 'Choose what the meeting came to.',
      way: 'Choose a way that suits the patient.',
      reason: 'Choose a reason.',
    },
  },
});
