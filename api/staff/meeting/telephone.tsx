import type { z } from 'zod';
import { guardianMayAct } from '../../../rules/calendar/age';
import { noteTryBody } from '../../../use-cases/meeting/bodies';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { receivedProblems } from '../../../use-cases/meeting/stated-times';
import { careHistoryConsentBody } from '../../../use-cases/person/bodies';
import { Choices } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonRow, ErrorSummary } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { giveDeskCommand, wasGiven } from '../frame/command';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { actPage, LeaveLink, pathOf } from './parts';
import { formWith, refusedTo, toMeeting } from './posted';
import { isOver, withSight, type Sight } from './sight';
import { TimeFields, timeFieldNames, timeProblemAt, typedTime, type Fields } from './typed-time';

/** What staff note of a telephone call: that somebody cannot get in, and an answer to the consent. */

export const triedBody = formWith('participantId', 'when', ...timeFieldNames('at'));

/** *Somebody cannot get in*: a sign that the patient tried (R5.6). */
export const showTried =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => triedPage(deps, request, sight, {}, []));

/** Notes it, as of when they called. */
export const noteTry =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const posted = request.body as z.infer<typeof triedBody> & Fields;
      const words = texts[request.language];
      const earlier = posted.when === 'earlier' ? typedTime(posted, 'at') : null;
      const at = earlier?.at ?? null;
      const body = noteTryBody.safeParse({ participantId: posted.participantId, receivedAt: at });
      const problems = [
        ...(body.success ? [] : [{ field: 'participantId', text: words.chooseWho }]),
        ...(earlier?.problem ? [timeProblemAt('at', earlier.problem, request.language)] : []),
        ...receivedProblems(at, request.receivedAt).map(() => ({ field: 'at', text: words.inTheFuture })),
      ];
      if (!body.success || problems.length > 0) return triedPage(deps, request, sight, posted, problems);
      const answer = await giveDeskCommand(deps, request, {
        operation: 'meeting.note-try',
        body: body.data,
      });
      return toMeeting(sight, answer, 'tried');
    });

async function triedPage(
  { records }: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  posted: Fields,
  problems: { field: string; text: string }[],
): Promise<PageAnswer> {
  const { language, guard } = request;
  const words = texts[language];
  const { meeting, patient } = sight;
  const others = meeting.participants.filter(({ role }) => role !== 'staff');
  const ids = others.flatMap(({ personId }) =>
    personId === null || personId === patient.personId ? [] : [personId],
  );
  const people = await records.people.findAll(meeting.clinicId, ids);
  if (ids.length > 0) await request.noteRead(ids);
  const problemOf = (field: string): string | null =>
    problems.find((each) => each.field === field)?.text ?? null;
  const page = actPage(request, sight, {
    title: words.triedTitle,
    children: (
      <>
        {problems.length > 0 && <ErrorSummary title={words.missing} problems={problems} />}
        <p>{words.tried}</p>
        <PostForm action={pathOf(sight, 'tried')} guard={guard} noValidate>
          <Choices
            id="participantId"
            name="participantId"
            label={words.whoCannot}
            language={language}
            problem={problemOf('participantId')}
            chosen={[
              posted.participantId ?? others.find(({ role }) => role === 'patient')?.participantId ?? '',
            ]}
            choices={others.map(({ participantId, role, personId }) => {
              const text = deskWords[language].participants[role];
              const isPatient = personId === patient.personId;
              const person = isPatient || personId === null ? undefined : people.get(personId);
              return {
                value: participantId,
                text: person ? `${text}, ${nameInList(person, deskWords[language])}` : text,
              };
            })}
          />
          <Choices
            id="when"
            name="when"
            label={words.whenCalled}
            language={language}
            chosen={[posted.when ?? 'now']}
            choices={[
              { value: 'now', text: words.now },
              { value: 'earlier', text: words.earlier },
            ]}
          />
          <TimeFields
            id="at"
            name="at"
            label={words.earlierAt}
            language={language}
            typed={typedTime(posted, 'at')}
            problemOf={problemOf}
          />
          <ButtonRow>
            <Button>{words.note}</Button>
            {!isOver(sight) && (
              <LeaveLink sight={sight} page="backup">
                {words.toBackUp}
              </LeaveLink>
            )}
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return problems.length > 0 ? { page, status: 422 } : { page };
}

export const consentBody = formWith('given', 'givenBy', 'seen');

/** *May the clinic see the care history?*: asked by telephone, with what the patient has answered (R3.2). */
export const showConsent =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, (sight) => consentPage(deps, request, sight, {}, []));

/** Saves the answer; one that has changed meanwhile is looked at first. */
export const recordConsent =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> =>
    withSight(deps, request, async (sight) => {
      const posted = request.body as z.infer<typeof consentBody>;
      const { given, givenBy, seen } = posted;
      const words = texts[request.language];
      const body = careHistoryConsentBody.safeParse({
        given: given === 'yes' ? true : given === 'no' ? false : undefined,
        givenBy: mayGuardian(sight) ? givenBy : 'person',
      });
      if (!body.success) {
        const wrong = (field: string): boolean => body.error.issues.some(({ path }) => path[0] === field);
        return consentPage(deps, request, sight, posted, [
          ...(wrong('given') ? [{ field: 'given', text: words.chooseAnswer }] : []),
          ...(wrong('givenBy') ? [{ field: 'givenBy', text: words.chooseGiver }] : []),
        ]);
      }
      if (!(await wasGiven(deps, request)) && seen !== seenOf(sight))
        return refusedTo(sight, 'seen-another', 'consent');
      const answer = await giveDeskCommand(deps, request, {
        operation: 'person.record-care-history-consent',
        params: { personId: sight.patient.personId },
        body: body.data,
      });
      return toMeeting(sight, answer, 'consent');
    });

const mayGuardian = ({ patient, now }: Sight): boolean => guardianMayAct(patient.personal.birthDate, now);

/** Which answer the page has shown. */
const seenOf = ({ patient: { careHistoryConsent, consentChanges } }: Sight): string =>
  `${careHistoryConsent?.recordedAt ?? ''} ${consentChanges ?? 0}`;

async function consentPage(
  { records }: DeskRouteDeps,
  request: DeskRequest,
  sight: Sight,
  posted: Fields,
  problems: { field: string; text: string }[],
): Promise<PageAnswer> {
  const { language, guard } = request;
  const words = texts[language];
  const { consentGiven, consentRefused } = await gatesOf(
    records.forms,
    sight.meeting,
    sight.patient,
    sight.now,
  );
  const problemOf = (field: string): string | null =>
    problems.find((each) => each.field === field)?.text ?? null;
  const page = actPage(request, sight, {
    title: words.consentTitle,
    children: (
      <>
        {problems.length > 0 && <ErrorSummary title={words.missing} problems={problems} />}
        <Banner kind="info">
          {consentGiven ? words.saidYes : consentRefused ? words.saidNo : words.saidNothing}
        </Banner>
        <p>{words.say}</p>
        <blockquote>{words.question}</blockquote>
        <PostForm action={pathOf(sight, 'consent')} guard={guard} noValidate>
          <input type="hidden" name="seen" value={seenOf(sight)} />
          <Choices
            id="given"
            name="given"
            label={words.answer}
            language={language}
            problem={problemOf('given')}
            chosen={posted.given === undefined ? [] : [posted.given]}
            choices={[
              { value: 'yes', text: words.yes, hint: words.yesHint },
              { value: 'no', text: words.no, hint: words.noHint },
            ]}
          />
          {mayGuardian(sight) && (
            <Choices
              id="givenBy"
              name="givenBy"
              label={words.who}
              language={language}
              problem={problemOf('givenBy')}
              chosen={posted.givenBy === undefined ? [] : [posted.givenBy]}
              choices={[
                { value: 'guardian', text: words.guardian },
                { value: 'person', text: words.child },
              ]}
            />
          )}
          <ButtonRow>
            <Button>{words.save}</Button>
            <LeaveLink sight={sight}>{words.leave}</LeaveLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  });
  return problems.length > 0 ? { page, status: 422 } : { page };
}

const texts = wording({
  sv: {
    missing: 'Något behöver rättas',
    triedTitle: 'Någon kommer inte in',
    tried: 'Noteringen visar att patienten försökte. Då räknas det inte som att patienten uteblev.',
    whoCannot: 'Vem kommer inte in?',
    chooseWho: 'Välj vem.',
    whenCalled: 'När hörde personen av sig?',
    now: 'Nu',
    earlier: 'Tidigare',
    earlierAt: 'Om tidigare: vilken dag?',
    inTheFuture: 'Tiden har inte varit än.',
    note: 'Spara noteringen',
    toBackUp: 'Byt till reservrutinen',
    consentTitle: 'Får ni se tidigare vård?',
    saidYes: 'Patienten har svarat ja.',
    saidNo: 'Patienten har svarat nej.',
    saidNothing: 'Patienten har inte svarat än.',
    say: 'Kontrollera först vem du talar med. Fråga sedan:',
    question:
      'Får vi se uppgifter om din tidigare vård, och läkemedel som har skrivits ut? Svaret gäller också senare möten här, tills du ändrar det. Säger du nej kan det digitala mötet inte hållas, men det kostar inget.',
    answer: 'Vad svarar patienten?',
    chooseAnswer: 'Välj ja eller nej.',
    yes: 'Ja',
    yesHint: 'Ni får läsa det ni behöver.',
    no: 'Nej',
    noHint: 'Mötet kan inte hållas digitalt. Erbjud annan vård.',
    who: 'Vem svarar?',
    chooseGiver: 'Välj vem som svarar.',
    guardian: 'En vårdnadshavare',
    child: 'Barnet självt',
    save: 'Spara svaret',
    leave: 'Ändra inget',
  },
  en: {
    missing: 'Something has to be put right',
    triedTitle: 'Somebody cannot get in',
    tried: 'The note shows that the patient tried. Then it does not count as a no-show.',
    whoCannot: 'Who cannot get in?',
    chooseWho: 'Choose who.',
    whenCalled: 'When did they get in touch?',
    now: 'Now',
    earlier: 'Earlier',
    earlierAt: 'If earlier: which day?',
    inTheFuture: 'That time has not been yet.',
    note: 'Save the note',
    toBackUp: 'Switch to the back-up routine',
    consentTitle: 'May you see the care history?',
    saidYes: 'The patient has said yes.',
    saidNo: 'The patient has said no.',
    saidNothing: 'The patient has not answered yet.',
    say: 'First check whom you talk with. Then ask:',
    question:
      'May we see your care history, and medicines that have been prescribed? The answer also holds for later meetings here, until you change it. If you say no, the digital meeting cannot be held, but it costs nothing.',
    answer: 'What does the patient answer?',
    chooseAnswer: 'Choose yes or no.',
    yes: 'Yes',
    yesHint: 'You may read what you need.',
    no: 'No',
    noHint: 'The meeting cannot be held digitally. Offer other care.',
    who: 'Who answers?',
    chooseGiver: 'Choose who answers.',
    guardian: 'A guardian',
    child: 'The child',
    save: 'Save the answer',
    leave: 'Change nothing',
  },
});
