import { z } from 'zod';
import type { OpenCase } from '../../../use-cases/thread/bodies';
import type { Clinic } from '../../../records/clinics';
import type { Person } from '../../../records/people';
import type { Records } from '../../../records';
import type { Session } from '../../../records/sessions';
import { guardianActsFor } from '../../../rules/calendar/guardian';
import type { Clock } from '../../../rules/clock';
import { messageText, messageTextProblem } from '../../../rules/message';
import type { Language } from '../../../rules/notices';
import { isBlank } from '../../../rules/typed';
import type { DraftOf } from '../../../records/form-drafts';
import { Choices, TextArea, TextField } from '../../frame/fields';
import { Banner, Button, ButtonLink, ButtonRow, Card, ErrorSummary, Facts, Heading } from '../../frame/parts';
import { giveCommand } from '../frame/command';
import type { TextProblem } from '../thread/compose';
import { randomId } from '../../../platform/keys/random-id';
import { ownCases } from './own-cases';
import { ownGuardianships } from './own-guardianships';
import type { LoggedInRequest, PatientRouteDeps } from '../frame/route';
import { casePath } from '../frame/paths';
import { afterCommand } from '../frame/outcome-of-command';
import { Emergency } from '../thread/thread';
import { threadTexts } from '../thread/thread-texts';
import { isReceived, reasonOf } from '../../page-command';
import type { PageContent, PageAnswer } from '../../frame/page-content';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';

/** Where and for whom a person can open a case of their own (R6.6). */
export interface Opening {
  clinic: Clinic;
  /** Whose case it is. */
  patient: Person;
  /** The person's own record there: the patient's, or a guardian's. */
  person: Person;
  role: 'patient' | 'guardian';
}

const MOST_SUBJECT = 120;

export const newCaseBody = z.object({
  opening: z.string().max(60).default(''),
  subject: z.string().default(''),
  text: z.string().default(''),
});
type Posted = z.infer<typeof newCaseBody>;

/**
 * Where this person can open cases: at clinics that allow it, for themselves and for children of at most 12
 * whose guardian they are known as, and not stopped from being (R7.3).
 */
export async function openingsOf(
  deps: { records: Records; clock: Clock },
  session: Pick<Session, 'identity'>,
  now = deps.clock.now(),
): Promise<Opening[]> {
  const { records } = deps;
  const people = await records.people.ofHuman(session.identity, await records.clinics.ids());
  const all = await Promise.all(
    people.map(async (person): Promise<Opening[]> => {
      const clinic = await records.clinics.byId(person.clinicId);
      if (!clinic.settings.caseRules.patientsMayOpen || person.protectedIdentity) return [];
      const children = await ownGuardianships(records, person);
      return [
        { clinic, patient: person, person, role: 'patient' },
        ...children
          .filter((child) => !child.protectedIdentity && guardianActsFor(child, person.personId, now))
          .map((patient) => ({ clinic, patient, person, role: 'guardian' as const })),
      ];
    }),
  );
  return all.flat();
}

/**
 * *Write to a clinic about something new*, where it allows that; otherwise one is referred to 1177 (R6.6).
 */
export const showNewCase =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => ({
    page: newCasePage(request, await openingsOf(deps, request.session), emptyForm),
  });

/** The same, as it was posted last and not sent, with what is wrong with it (E2). */
export const showUnsentNewCase =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => {
    const openings = await openingsOf(deps, request.session);
    return { page: newCasePage(request, openings, await unsentForm(deps, openings)) };
  };

/** What one sees where the case is stored, and opened when the service can again (design, decision 6). */
export const showReceivedNewCase = ({ language }: LoggedInRequest): Promise<PageAnswer> =>
  Promise.resolve({ page: toldPage(language, texts[language].received, 'success') });

/** What one sees where this very form has opened a case already, with other words (E3). */
export const showNewCaseSentBefore = ({ language }: LoggedInRequest): Promise<PageAnswer> =>
  Promise.resolve({ page: toldPage(language, texts[language].sentBefore, 'warning') });

/** Opens the case; the same form twice opens one. What comes of it stands on a page of its own. */
export const openOwnCase =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PageAnswer> => {
    const posted = request.body as Posted;
    const openings = await openingsOf(deps, request.session);
    // Only what this person was offered: the choice names nobody by itself.
    const opening = openings.find((each) => nameOfOpening(each) === posted.opening);
    const problems = problemsOf(posted, opening);
    if (!opening || problems.length > 0) return saveUnsentForm(deps, openings, { ...posted, problems });
    const { clinic, person, patient, role } = opening;
    const key = request.postedKey ?? randomId();
    if (!(await deps.records.dayUse.takeMessage(person.personId, key, clinic.settings, deps.clock.now()))) {
      const full: Problem = { field: 'text', problem: 'too-many-today' };
      return saveUnsentForm(deps, openings, { ...posted, problems: [full] });
    }
    const body: OpenCase = {
      patientId: patient.personId,
      guardianIds: role === 'guardian' ? [person.personId] : [],
      subject: lineOf(posted.subject),
      text: messageText(posted.text),
      assignTo: null,
    };
    const { postedKey, receivedAt } = request;
    const giver = { clinic, person, participant: { role }, postedKey, receivedAt };
    const answer = await giveCommand(deps, giver, { operation: 'case.open', params: {}, body });
    const reason = reasonOf(answer);
    if (reason === 'posted-before') return { redirect: '/my/new-case/sent-before' };
    if (reason !== null && !isReceived(answer)) return afterCommand(request.language, answer, '/my');
    const draft = draftOf(openings);
    if (draft) await deps.records.formDrafts.remove(draft);
    if (reason !== null) return { redirect: '/my/new-case/received' };
    const { caseId } = answer.body as { caseId: string };
    const own = (await ownCases(deps.records, request.session, deps.clock.now())).find(
      ({ careCase }) => careCase.caseId === caseId,
    );
    return { redirect: own ? casePath(own.participant.participantId, 'sent') : '/my' };
  };

/** One form of each person that was not sent, with that person's own key; null where one can write nowhere. */
const draftOf = ([first]: Opening[]): DraftOf | null =>
  first
    ? {
        meetingId: 'new-case',
        formId: 'message',
        participantId: first.person.personId,
        patientId: first.person.personId,
      }
    : null;

async function saveUnsentForm(
  { records, clock }: PatientRouteDeps,
  openings: Opening[],
  form: ShownForm,
): Promise<PageAnswer> {
  const draft = draftOf(openings);
  if (!draft) return { redirect: '/my/new-case' };
  await records.formDrafts.save(draft, { form: [JSON.stringify(form)] }, clock.now());
  return { redirect: '/my/new-case/unsent' };
}

async function unsentForm({ records }: PatientRouteDeps, openings: Opening[]): Promise<ShownForm> {
  const draft = draftOf(openings);
  const [form] = (draft && (await records.formDrafts.read(draft)).form) ?? [];
  return form === undefined ? emptyForm : (JSON.parse(form) as ShownForm);
}

const nameOfOpening = ({ patient, role }: Opening): string => `${role}-${patient.personId}`;
const lineOf = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

type Problem =
  { field: 'opening' | 'subject'; problem: 'missing' | 'too-long' } | { field: 'text'; problem: TextProblem };

function problemsOf({ subject, text }: Posted, opening: Opening | undefined): Problem[] {
  const line = lineOf(subject);
  const textProblem = messageTextProblem(messageText(text));
  return [
    ...(opening ? [] : [{ field: 'opening' as const, problem: 'missing' as const }]),
    ...(isBlank(line) ? [{ field: 'subject' as const, problem: 'missing' as const }] : []),
    ...(line.length > MOST_SUBJECT ? [{ field: 'subject' as const, problem: 'too-long' as const }] : []),
    ...(textProblem ? [{ field: 'text' as const, problem: textProblem }] : []),
  ];
}

interface ShownForm extends Posted {
  problems: Problem[];
}
const emptyForm: ShownForm = { opening: '', subject: '', text: '', problems: [] };

function newCasePage(request: LoggedInRequest, openings: Opening[], form: ShownForm): PageContent {
  const { language } = request;
  const words = texts[language];
  return {
    title: `${form.problems.length > 0 ? threadTexts[language].wrongTitle : ''}${words.title}`,
    main: (
      <>
        {form.problems.length > 0 && openings.length > 0 && (
          <ErrorSummary
            title={threadTexts[language].notSentTitle}
            problems={form.problems.map((each) => ({
              field: each.field,
              text: problemWords(language, each),
            }))}
          />
        )}
        <Heading>{words.title}</Heading>
        {openings.length === 0 ? (
          <Card>
            <p>
              {words.nowhere} <a href="https://www.1177.se">1177.se</a>.
            </p>
          </Card>
        ) : (
          <>
            <Card isMain>
              <Facts
                facts={[
                  { term: words.whenTerm, value: words.when, icon: 'clock' },
                  { term: words.costTerm, value: withMore(words.cost), icon: 'wallet' },
                  { term: words.toldTerm, value: withMore(words.told), icon: 'phone' },
                ]}
              />
            </Card>
            <NewCaseForm request={request} openings={openings} form={form} />
          </>
        )}
        <WayBack language={language} />
      </>
    ),
  };
}

/** A short answer, and what few need to read of it. */
const withMore = ({ short, more }: { short: string; more: string }) => (
  <>
    {short}
    <span class="hint">{more}</span>
  </>
);

const toldPage = (
  language: Language,
  { title, text }: { title: string; text: string },
  kind: 'success' | 'warning',
): PageContent => ({
  title,
  main: (
    <>
      <Heading>{title}</Heading>
      <Banner kind={kind} takesFocus>
        {text}
      </Banner>
      <WayBack language={language} kind="primary" />
    </>
  ),
});

const WayBack = ({ language, kind = 'quiet' }: { language: Language; kind?: 'primary' | 'quiet' }) => (
  <ButtonRow>
    <ButtonLink href="/my" kind={kind}>
      {texts[language].back}
    </ButtonLink>
  </ButtonRow>
);

function NewCaseForm({
  request: { language, guard },
  openings,
  form,
}: {
  request: LoggedInRequest;
  openings: Opening[];
  form: ShownForm;
}) {
  const words = texts[language];
  const of = (field: Problem['field']) => {
    const found = form.problems.find((each) => each.field === field);
    return { id: field, name: field, language, problem: found ? problemWords(language, found) : null };
  };
  const [only] = openings;
  return (
    <PostForm action="/my/new-case" guard={guard} id="new-case" noValidate autocomplete="off">
      {openings.length === 1 && only ? (
        <>
          <input type="hidden" name="opening" value={nameOfOpening(only)} />
          <p>
            {words.toOne}{' '}
            <strong>
              {only.role === 'patient' ? only.clinic.settings.name : openingWords(language, only)}
            </strong>
            .
          </p>
        </>
      ) : (
        <Choices
          {...of('opening')}
          label={words.to}
          choices={openings.map((each) => ({
            value: nameOfOpening(each),
            text: openingWords(language, each),
          }))}
          chosen={[form.opening]}
        />
      )}
      <TextField
        {...of('subject')}
        label={words.subject}
        hint={words.subjectHint}
        value={form.subject}
        autocomplete="off"
      />
      <Emergency language={language} />
      <TextArea
        {...of('text')}
        label={threadTexts[language].text}
        hint={words.pictures}
        rows={6}
        value={form.text}
      />
      <Button>{threadTexts[language].send}</Button>
    </PostForm>
  );
}

function problemWords(language: Language, found: Problem): string {
  const words = texts[language].problems;
  switch (found.field) {
    case 'opening':
      return words.opening;
    case 'subject':
      return found.problem === 'missing' ? words.subject : words.subjectTooLong;
    case 'text':
      return found.problem === 'empty' ? words.text : threadTexts[language].textProblems[found.problem];
  }
}

const openingWords = (language: Language, { clinic, patient, role }: Opening): string =>
  role === 'patient'
    ? `${clinic.settings.name}, ${texts[language].aboutMe}`
    : `${clinic.settings.name}, ${texts[language].aboutChild} ${patient.personal.name}`;

const texts = wording({
  sv: {
    title: 'Skriv till en mottagning',
    nowhere:
      'Här skriver du bara i ärenden som en mottagning har öppnat med dig. Vill du skriva till en mottagning om något annat, gör det på',
    whenTerm: 'Svar',
    when: 'Inom två vardagar',
    costTerm: 'Kostnad',
    cost: {
      short: 'Kan ha en avgift',
      more: 'Det gäller när mottagningen gör en medicinsk bedömning, och följer regionens avgifter. Fråga mottagningen innan du skriver om du vill veta säkert.',
    },
    toldTerm: 'När svaret kommer',
    told: {
      short: 'Du får ett sms eller e-post',
      more: 'Om du har sagt ja till det. Svaret läser du här.',
    },
    to: 'Vem skriver du till?',
    toOne: 'Du skriver till',
    aboutMe: 'om mig själv',
    aboutChild: 'om',
    subject: 'Vad gäller det?',
    subjectHint: 'Några ord räcker.',
    pictures: 'Bilder kan du lägga till när du har skickat det här.',
    received: {
      title: 'Vi har tagit emot ditt meddelande',
      text: 'Det skickas så snart det går, och räknas från nu. Du behöver inte skriva igen.',
    },
    sentBefore: {
      title: 'Det här har du redan skickat',
      text: 'Du har gått tillbaka till en sida som redan är skickad. Det du ändrade där skickades inte. Vill du lägga till något, skriv det i ärendet.',
    },
    back: 'Till alla mina möten och ärenden',
    problems: {
      opening: 'Välj vem du skriver till.',
      subject: 'Skriv med några ord vad det gäller.',
      subjectTooLong: `Skriv kortare vad det gäller, högst ${MOST_SUBJECT} tecken.`,
      text: 'Skriv ditt meddelande.',
    },
  },
  en: {
    title: 'Write to a clinic',
    nowhere:
      'Here you write only in cases that a clinic has opened with you. To write to a clinic about something else, use',
    whenTerm: 'Answer',
    when: 'Within two weekdays',
    costTerm: 'Cost',
    cost: {
      short: 'There may be a fee',
      more: 'It applies when the clinic makes a medical assessment, and follows the region’s charges. Ask the clinic before you write if you want to be sure.',
    },
    toldTerm: 'When the answer comes',
    told: {
      short: 'You get an SMS or an e-mail',
      more: 'If you have agreed to that. You read the answer here.',
    },
    to: 'Who are you writing to?',
    toOne: 'You are writing to',
    aboutMe: 'about myself',
    aboutChild: 'about',
    subject: 'What is it about?',
    subjectHint: 'A few words will do.',
    pictures: 'You can add pictures once you have sent this.',
    received: {
      title: 'We have received your message',
      text: 'It will be sent as soon as possible, and counts from now. You do not need to write again.',
    },
    sentBefore: {
      title: 'You have already sent this',
      text: 'You went back to a page that has been sent. What you changed there was not sent. If you want to add something, write it in the case.',
    },
    back: 'To all my meetings and cases',
    problems: {
      opening: 'Choose who you are writing to.',
      subject: 'Write in a few words what it is about.',
      subjectTooLong: `Make it shorter, at most ${MOST_SUBJECT} characters.`,
      text: 'Write your message.',
    },
  },
});
