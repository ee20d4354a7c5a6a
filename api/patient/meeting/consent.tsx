import { z } from 'zod';
import { Choices } from '../../frame/fields';
import {
  Banner,
  Button,
  ButtonLink,
  ButtonRow,
  Card,
  ErrorSummary,
  Heading,
  Receipt,
} from '../../frame/parts';
import { gatesOf } from '../../../use-cases/meeting/gates';
import { giveCommand, wasPosted } from '../frame/command';
import type { ParticipantRequest, PatientRouteDeps } from '../frame/route';
import { meetingPath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { BackToMeeting } from '../frame/ways-on';
import { thingsToDo, type ThingsToDo } from './tasks';
import { genitive, whoseOf } from './whose';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** What holds now; an answer that a guardian gave for a child that has turned 13 is none (R7.2). */
type Answered = 'yes' | 'no' | 'none';

/** What the page says above the question. */
type Told = 'unanswered' | 'changed';

async function answeredNow(
  { records, clock }: PatientRouteDeps,
  request: ParticipantRequest,
): Promise<Answered> {
  const { meeting, patient } = request;
  const { consentGiven, consentRefused } = await gatesOf(records.forms, meeting, patient, clock.now());
  return consentGiven ? 'yes' : consentRefused ? 'no' : 'none';
}

/** Which answer a page has shown: the one that is posted from it is meant to replace that and no other. */
const seenOf = ({ patient }: ParticipantRequest, answered: Answered): string =>
  `${answered} ${patient.consentChanges ?? 0}`;

/**
 * *Consent*: whether the clinic may see care history and medicines, as a question with what follows from each
 * answer; once answered yes, what holds, and a small way to take it back (R3.2).
 */
export const showConsent =
  (deps: PatientRouteDeps, told: Told | null = null) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const answered = await answeredNow(deps, request);
    return { page: answered === 'yes' ? givenPage(request, told) : questionPage(request, answered, told) };
  };

/** The page that asks once more before a yes is taken back. */
export const showWithdrawal =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const answered = await answeredNow(deps, request);
    return answered === 'yes' ? { page: withdrawalPage(request) } : { redirect: pathOf(request) };
  };

/** The receipt: what was answered, what follows, and what is next. */
export const showConsentReceipt =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const answered = await answeredNow(deps, request);
    if (answered === 'none') return { redirect: pathOf(request) };
    const todo = await thingsToDo(deps.records, request, deps.clock.now());
    return { page: receiptPage(request, answered, todo) };
  };

export const consentBody = z.object({
  given: z.enum(['yes', 'no']).optional(),
  seen: z.string().regex(/^(yes|no|none) \d{1,9}$/),
});

/**
 * Records the answer. One that is posted from a page on which another answer stood than holds now changes
 * nothing, and is told so (E3).
 */
export const giveConsent =
  (deps: PatientRouteDeps) =>
  async (request: ParticipantRequest): Promise<PageAnswer> => {
    const { language, participant, patient } = request;
    const { given, seen } = request.body as z.infer<typeof consentBody>;
    if (given === undefined) return { redirect: pathOf(request, '/unanswered') };
    if (!(await wasPosted(deps, request))) {
      const answered = await answeredNow(deps, request);
      if (answered === given) return { redirect: pathOf(request, '/answered') };
      if (seen !== seenOf(request, answered)) return { redirect: pathOf(request, '/changed') };
    }
    const answer = await giveCommand(deps, request, {
      operation: 'person.record-care-history-consent',
      params: { personId: patient.personId },
      body: { given: given === 'yes', givenBy: participant.role === 'guardian' ? 'guardian' : 'person' },
    });
    return afterCommand(language, answer, pathOf(request, '/answered'));
  };

const pathOf = ({ participant }: ParticipantRequest, page = ''): string =>
  meetingPath(participant.participantId, `consent${page}`);

/** The words that fit who reads: one's own care, or a child's by its name. */
function wordsFor(request: ParticipantRequest) {
  const { language, patient, clinic } = request;
  const words = texts[language];
  const childs = whoseOf(request) === 'childs';
  const whose = childs ? (genitive(patient.personal.name, language) ?? words.yourChilds) : words.your;
  return { ...words, question: words.asks(whose), yes: words.yesMeans(clinic.settings.name), childs };
}

function questionPage(
  request: ParticipantRequest,
  answered: Exclude<Answered, 'yes'>,
  told: Told | null,
): PageContent {
  const { language, guard, clinic, participant } = request;
  const words = wordsFor(request);
  const unanswered = told === 'unanswered';
  return {
    title: unanswered ? words.choose : words.title,
    main: (
      <>
        {unanswered && (
          <ErrorSummary title={words.notYet} problems={[{ field: 'given', text: words.choose }]} />
        )}
        {told === 'changed' && (
          <Banner kind="warning" title={words.changed} takesFocus>
            {words.changedMore}
          </Banner>
        )}
        <Heading>{words.question}</Heading>
        {answered === 'no' && !told && <Banner title={words.saidNo}>{words.saidNoMore}</Banner>}
        <p>{words.what(clinic.settings.name)}</p>
        <PostForm guard={guard} action={pathOf(request)}>
          <input type="hidden" name="seen" value={seenOf(request, answered)} />
          <Choices
            language={language}
            id="given"
            name="given"
            label={words.answer}
            problem={unanswered ? words.choose : null}
            chosen={answered === 'no' ? ['no'] : []}
            choices={[
              { value: 'yes', text: words.sayYes, hint: words.yes },
              { value: 'no', text: words.sayNo, hint: words.no },
            ]}
          />
          <ButtonRow>
            <Button>{words.send}</Button>
          </ButtonRow>
        </PostForm>
        <BackToMeeting language={language} participantId={participant.participantId} />
      </>
    ),
  };
}

function givenPage(request: ParticipantRequest, told: Told | null): PageContent {
  const { participant } = request;
  const words = wordsFor(request);
  return {
    title: words.title,
    main: (
      <>
        {told === 'changed' && (
          <Banner kind="warning" title={words.changed} takesFocus>
            {words.changedMore}
          </Banner>
        )}
        <Heading>{words.question}</Heading>
        <Banner kind="success" title={words.saidYes}>
          {words.yes}
        </Banner>
        <ButtonRow>
          <ButtonLink href={meetingPath(participant.participantId)}>{words.toMeeting}</ButtonLink>
        </ButtonRow>
        <p>
          <a href={pathOf(request, '/withdraw')}>{words.withdraw}</a>
        </p>
      </>
    ),
  };
}

function withdrawalPage(request: ParticipantRequest): PageContent {
  const { guard } = request;
  const words = wordsFor(request);
  return {
    title: words.withdrawTitle,
    main: (
      <>
        <Heading>{words.withdrawTitle}</Heading>
        <p>{words.no}</p>
        <p>{words.withdrawMore}</p>
        <PostForm guard={guard} action={pathOf(request)}>
          <input type="hidden" name="seen" value={seenOf(request, 'yes')} />
          <ButtonRow>
            <Button kind="danger" name="given" value="no">
              {words.withdrawNow}
            </Button>
            <ButtonLink kind="secondary" href={pathOf(request)}>
              {words.keep}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
}

function receiptPage(request: ParticipantRequest, answered: 'yes' | 'no', todo: ThingsToDo): PageContent {
  const { participant } = request;
  const words = wordsFor(request);
  const next = answered === 'yes' ? todo.next : null;
  return {
    title: words.thanks,
    main: (
      <>
        <Receipt title={words.thanks}>
          <p>{answered === 'yes' ? words.saidYes : words.saidNo}</p>
        </Receipt>
        <Card>
          <h2>{words.happensNow}</h2>
          <p>{answered === 'no' ? words.noNow : next ? words.nextIs : words.allDone}</p>
          <ButtonRow>
            {next && <ButtonLink href={next.href}>{next.label}</ButtonLink>}
            <ButtonLink
              {...(next ? { kind: 'secondary' as const } : {})}
              href={meetingPath(participant.participantId)}
            >
              {words.toMeeting}
            </ButtonLink>
          </ButtonRow>
        </Card>
        <p>
          <a href={answered === 'yes' ? pathOf(request, '/withdraw') : pathOf(request)}>
            {answered === 'yes' ? words.withdraw : words.changeAnswer}
          </a>
        </p>
      </>
    ),
  };
}

const texts = wording({
  sv: {
    title: 'Får mottagningen se uppgifter om tidigare vård?',
    your: 'din',
    yourChilds: 'ditt barns',
    asks: (whose: string) => `Får mottagningen se uppgifter om ${whose} tidigare vård?`,
    what: (clinic: string) =>
      `${clinic} behöver ett svar före det första digitala mötet. Det gäller uppgifter om tidigare vård, och läkemedel som har skrivits ut.`,
    answer: 'Vad svarar du?',
    sayYes: 'Ja, mottagningen får se uppgifterna',
    yesMeans: (clinic: string) =>
      `De som ger vården på ${clinic} kan läsa det de behöver. Svaret gäller också senare möten där, tills du tar tillbaka det.`,
    sayNo: 'Nej, mottagningen får inte se dem',
    no: 'Då kan det digitala mötet inte hållas. Mottagningen får veta det och erbjuder annan vård. Ett nej kostar aldrig något.',
    send: 'Skicka svaret',
    notYet: 'Du har inte svarat än',
    choose: 'Välj ja eller nej',
    changed: 'Svaret har ändrats på en annan sida',
    changedMore: 'Inget hände när du tryckte nu. Läs hur det är, och svara igen om du vill ändra något.',
    saidYes: 'Du har svarat ja.',
    saidNo: 'Du har svarat nej.',
    saidNoMore: 'Mottagningen hör av sig om annan vård. Du kan ändra dig här.',
    thanks: 'Tack, ditt svar är sparat',
    happensNow: 'Vad händer nu?',
    nextIs: 'Det finns en sak till att göra före mötet.',
    allDone: 'Allt som måste vara klart före mötet är klart.',
    noNow: 'Det digitala mötet kan inte hållas. Mottagningen hör av sig om annan vård. Det kostar inget.',
    toMeeting: 'Till mötet',
    withdraw: 'Ta tillbaka mitt ja',
    withdrawTitle: 'Vill du ta tillbaka ditt ja?',
    withdrawMore: 'Du kan svara ja igen när du vill.',
    withdrawNow: 'Ja, ta tillbaka',
    keep: 'Nej, ändra inget',
    changeAnswer: 'Ändra svaret',
  },
  en: {
    title: 'May the clinic see your care history?',
    your: 'your',
    yourChilds: 'your child’s',
    asks: (whose) => `May the clinic see ${whose} care history?`,
    what: (clinic) =>
      `${clinic} needs an answer before the first digital meeting. It is about earlier care, and medicines that have been prescribed.`,
    answer: 'What is your answer?',
    sayYes: 'Yes, the clinic may see it',
    yesMeans: (clinic) =>
      `Those who give the care at ${clinic} can read what they need. The answer also holds for later meetings there, until you take it back.`,
    sayNo: 'No, the clinic may not see it',
    no: 'Then the digital meeting cannot be held. The clinic is told, and offers other care. A no never costs anything.',
    send: 'Send the answer',
    notYet: 'You have not answered yet',
    choose: 'Choose yes or no',
    changed: 'The answer was changed on another page',
    changedMore:
      'Nothing happened when you pressed now. Read how it is, and answer again if you want to change something.',
    saidYes: 'You have answered yes.',
    saidNo: 'You have answered no.',
    saidNoMore: 'The clinic will get in touch about other care. You can change your mind here.',
    thanks: 'Thank you, your answer is saved',
    happensNow: 'What happens now?',
    nextIs: 'There is one more thing to do before the meeting.',
    allDone: 'Everything that must be done before the meeting is done.',
    noNow:
      'The digital meeting cannot be held. The clinic will get in touch about other care. It costs nothing.',
    toMeeting: 'To the meeting',
    withdraw: 'Take back my yes',
    withdrawTitle: 'Do you want to take back your yes?',
    withdrawMore: 'You can answer yes again whenever you want.',
    withdrawNow: 'Yes, take it back',
    keep: 'No, change nothing',
    changeAnswer: 'Change the answer',
  },
});
