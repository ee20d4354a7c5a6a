import { z } from 'zod';
import type { OpenCase } from '../../../use-cases/thread/bodies';
import type { Clinic } from '../../../records/clinics';
import type { Person } from '../../../records/people';
import type { Records } from '../../../records';
import { secondsLeftOfDay } from '../../../records/day-use';
import type { Session } from '../../../records/sessions';
import { guardianMayAct } from '../../../rules/calendar/age';
import type { Clock } from '../../../rules/clock';
import { messageText, messageTextProblem } from '../../../rules/message';
import type { Language } from '../../../rules/notices';
import { isBlank } from '../../../rules/typed';
import { giveCommand, reasonOf } from '../frame/command';
import type { TextProblem } from '../thread/compose';
import { randomId } from '../../../platform/keys/random-id';
import { ownCases } from './own-cases';
import { ownGuardianships } from './own-guardianships';
import type { LoggedInRequest, PageContent, PatientAnswer, PatientRouteDeps } from '../frame/route';
import { wording } from '../frame/wording';
import { casePath } from '../frame/paths';
import { PostForm } from '../frame/layout';
import { afterCommand } from '../frame/outcome-of-command';
import { Emergency } from '../thread/thread';
import { threadTexts } from '../thread/thread-texts';

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
 * whose guardian they are known as.
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
          .filter(
            ({ personal, protectedIdentity }) =>
              !protectedIdentity && guardianMayAct(personal.birthDate, now),
          )
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
  async (request: LoggedInRequest): Promise<PatientAnswer> => ({
    page: newCasePage(request, await openingsOf(deps, request.session), emptyForm),
  });

/** Opens the case; the same form twice opens one. */
export const openOwnCase =
  (deps: PatientRouteDeps) =>
  async (request: LoggedInRequest): Promise<PatientAnswer> => {
    const posted = request.body as Posted;
    const openings = await openingsOf(deps, request.session);
    // Only what this person was offered: the choice names nobody by itself.
    const opening = openings.find((each) => nameOfOpening(each) === posted.opening);
    const problems = problemsOf(posted, opening);
    if (!opening || problems.length > 0)
      return { page: newCasePage(request, openings, { ...posted, problems }), status: 422 };
    const { clinic, person, patient, role } = opening;
    const key = request.postedKey ?? randomId();
    if (!(await deps.records.dayUse.takeMessage(person.personId, key, clinic.settings, deps.clock.now()))) {
      const full: Problem = { field: 'text', problem: 'too-many-today' };
      const page = newCasePage(request, openings, { ...posted, problems: [full] });
      return { page, status: 429, retryAfterSeconds: secondsLeftOfDay(deps.clock.now()) };
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
    if (reasonOf(answer) !== null) return afterCommand(request.language, answer, '/my');
    const { caseId } = answer.body as { caseId: string };
    const own = (await ownCases(deps.records, request.session, deps.clock.now())).find(
      ({ careCase }) => careCase.caseId === caseId,
    );
    return { redirect: own ? casePath(own.participant.participantId, 'sent') : '/my' };
  };

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
        <h1>{words.title}</h1>
        {openings.length === 0 ? (
          <p>
            {words.nowhere} <a href="https://www.1177.se">1177.se</a>.
          </p>
        ) : (
          <>
            <Emergency language={language} />
            <p>{words.intro}</p>
            <NewCaseForm request={request} openings={openings} form={form} />
          </>
        )}
        <p>
          <a href="/my">{words.back}</a>
        </p>
      </>
    ),
  };
}

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
  const problemOf = (field: Problem['field']): string | null => {
    const found = form.problems.find((each) => each.field === field);
    return found ? problemWords(language, found) : null;
  };
  const [only] = openings;
  return (
    <>
      {form.problems.length > 0 && (
        <section id="problems" class="problems" tabIndex={-1} aria-labelledby="problems-title">
          <h2 id="problems-title">{threadTexts[language].notSentTitle}</h2>
          <ul>
            {form.problems.map((each) => (
              <li key={each.field}>
                <a href={`#${each.field}`}>{problemWords(language, each)}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <PostForm action="/my/new-case" guard={guard} id="new-case" noValidate autocomplete="off">
        {openings.length === 1 && only ? (
          <>
            <input type="hidden" name="opening" value={nameOfOpening(only)} />
            <p>
              <strong>{openingWords(language, only)}</strong>
            </p>
          </>
        ) : (
          <fieldset class="question" id="opening">
            <legend>{words.to}</legend>
            <Problem id="opening-problem" text={problemOf('opening')} />
            <div class="choices">
              {openings.map((each) => (
                <label key={nameOfOpening(each)}>
                  <input
                    type="radio"
                    name="opening"
                    value={nameOfOpening(each)}
                    checked={form.opening === nameOfOpening(each)}
                  />
                  {openingWords(language, each)}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <div class="question">
          <label for="subject">{words.subject}</label>
          <Problem id="subject-problem" text={problemOf('subject')} />
          <input
            id="subject"
            name="subject"
            value={form.subject}
            {...(problemOf('subject')
              ? { 'aria-invalid': 'true', 'aria-describedby': 'subject-problem' }
              : {})}
          />
        </div>
        <div class="question">
          <label for="text">{threadTexts[language].text}</label>
          <Problem id="text-problem" text={problemOf('text')} />
          <textarea
            id="text"
            name="text"
            rows={6}
            {...(problemOf('text') ? { 'aria-invalid': 'true', 'aria-describedby': 'text-problem' } : {})}
          >
            {form.text}
          </textarea>
          <small>{words.pictures}</small>
        </div>
        <button type="submit">{threadTexts[language].send}</button>
      </PostForm>
    </>
  );
}

const Problem = ({ id, text }: { id: string; text: string | null }) =>
  text === null ? null : (
    <p id={id} class="problem">
      {text}
    </p>
  );

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
    intro: 'Mottagningen svarar senast inom två vardagar. Då får du veta att det har kommit ett svar.',
    to: 'Vem skriver du till?',
    aboutMe: 'om mig själv',
    aboutChild: 'om',
    subject: 'Vad gäller det? Några ord räcker.',
    pictures: 'Bilder kan du lägga till när du har skickat.',
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
    intro: 'The clinic answers within two weekdays at the latest. You are told when an answer has come.',
    to: 'Whom are you writing to?',
    aboutMe: 'about myself',
    aboutChild: 'about',
    subject: 'What is it about? A few words will do.',
    pictures: 'Pictures can be added once you have sent it.',
    back: 'To all my meetings and cases',
    problems: {
      opening: 'Choose whom you are writing to.',
      subject: 'Write in a few words what it is about.',
      subjectTooLong: `Write less about what it is, at most ${MOST_SUBJECT} characters.`,
      text: 'Write your message.',
    },
  },
});
