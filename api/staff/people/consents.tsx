import { z } from 'zod';
import type { Answer } from '../../../records/commands';
import type { Person } from '../../../records/people';
import { guardianMayAct } from '../../../rules/calendar/age';
import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Instant } from '../../../rules/instant';
import type { Language } from '../../../rules/notices';
import { asWritten } from '../../../rules/phone-number';
import { Choices } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Facts } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { deskWords, nameInList } from '../frame/words';
import { personIn, seenAt } from './read';
import { formPage } from './form-page';
import { askedAgain } from './refused';
import { reasonOf } from '../../page-command';

/** The two consents of a person at the clinic: SMS (R2.2), and care history by telephone (R3.2). */
const answersOf = {
  sms: ['asked', '1177', 'no'],
  history: ['person', 'guardian', 'no-person', 'no-guardian'],
} as const;
type Consent = keyof typeof answersOf;
type AnswerOf<Kind extends Consent> = (typeof answersOf)[Kind][number];
/** Their pages. */
export const consentPages = { sms: 'sms-consent', history: 'care-history-consent' } as const;

/** What the form of a consent carries; no answer is shown at its field. */
export const consentBody = {
  sms: z.object({ answer: z.enum(answersOf.sms).optional(), seen: seenAt }),
  history: z.object({ answer: z.enum(answersOf.history).optional(), seen: seenAt }),
} as const;
interface Posted<Kind extends Consent> {
  answer?: AnswerOf<Kind> | undefined;
  seen: string | null;
}

const recorded = ({ smsConsent, careHistoryConsent }: Person, kind: Consent) =>
  kind === 'sms' ? smsConsent : careHistoryConsent;

/** The form of a consent, with the answer that stands above it. */
export const showConsent =
  (deps: DeskRouteDeps, kind: Consent) =>
  async (request: DeskRequest): Promise<PageAnswer> => ({
    page: consentPage(deps, request, await personIn(deps, request), kind),
  });

/** Records an answer, unless another was recorded since the page was opened: then that one is shown first. */
export const recordConsent =
  (deps: DeskRouteDeps, kind: Consent) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    const { answer: given, seen } = request.body as Posted<Consent>;
    if (given === undefined)
      return {
        page: consentPage(deps, request, person, kind, { problem: 'no-answer' }),
        status: 422,
      };
    const answer = await give(deps, request, given, seen);
    const refusal = reasonOf(answer);
    if (refusal === null) return { redirect: `${deskPersonPath(person.personId)}?said=${kind}` };
    const standing = (await deps.records.people.find(person.clinicId, person.personId)) ?? person;
    const problem = refusal === 'not-entitled' ? ('not-entitled' as const) : null;
    const shown = { given, problem, refusal: problem === null ? refusal : null };
    const page = consentPage(deps, askedAgain(request, answer), standing, kind, shown);
    return { page, status: answer.status };
  };

function give(
  deps: DeskRouteDeps,
  request: DeskRequest,
  given: AnswerOf<Consent>,
  seenRecordedAt: string | null,
): Promise<Answer> {
  switch (given) {
    case 'asked':
    case '1177':
    case 'no':
      return giveDeskCommand(deps, request, {
        operation: 'person.record-sms-consent',
        body: { given: given !== 'no', source: given === '1177' ? '1177' : 'asked', seenRecordedAt },
      });
    case 'person':
    case 'guardian':
    case 'no-person':
    case 'no-guardian':
      return giveDeskCommand(deps, request, {
        operation: 'person.record-care-history-consent',
        body: {
          given: given === 'person' || given === 'guardian',
          givenBy: given.endsWith('guardian') ? 'guardian' : 'person',
          seenRecordedAt,
        },
      });
  }
}

/** Those who can answer: up to 12 a guardian, or the child (R7.1). */
function choicesFor(kind: Consent, { personal }: Person, now: Date): readonly AnswerOf<Consent>[] {
  if (kind === 'sms') return answersOf.sms;
  return guardianMayAct(personal.birthDate, now) ? answersOf.history : ['person', 'no-person'];
}

function consentPage(
  { clock }: Pick<DeskRouteDeps, 'clock'>,
  { language, guard }: DeskRequest,
  person: Person,
  kind: Consent,
  {
    given,
    problem = null,
    refusal = null,
  }: {
    given?: AnswerOf<Consent>;
    problem?: 'no-answer' | 'not-entitled' | null;
    refusal?: string | null;
  } = {},
): PageContent {
  const words = texts[language];
  const { personId, personal, protectedIdentity } = person;
  const now = clock.now();
  const wrong = problem === null ? null : words.problems[problem];
  const number = personal.mobile && !protectedIdentity ? asWritten(personal.mobile.number) : null;
  return formPage({
    language,
    guard,
    title: words[kind].title,
    of: nameInList(person, deskWords[language]),
    wrong: { title: words.wrong, problems: wrong === null ? [] : [{ field: 'answer', text: wrong }] },
    refusal,
    lead: (
      <>
        <Facts facts={[{ term: words.now, value: consentText(person, kind, language) }]} />
        {kind === 'sms' && personal.mobile === null && <Banner kind="warning">{words.noNumber}</Banner>}
        {kind === 'sms' && protectedIdentity && <Banner kind="warning">{words.protectedIdentity}</Banner>}
      </>
    ),
    action: deskPersonPath(personId, consentPages[kind]),
    seen: recorded(person, kind)?.recordedAt ?? null,
    fields: (
      <Choices
        id="answer"
        name="answer"
        label={kind === 'sms' && number !== null ? words.smsTo(number) : words[kind].question}
        hint={words[kind].hint}
        problem={wrong}
        language={language}
        chosen={given === undefined ? [] : [given]}
        choices={choicesFor(kind, person, now).map((value) => ({ value, text: words.answers[value] }))}
      />
    ),
    save: words.save,
    cancel: { text: words.cancel, href: deskPersonPath(personId) },
  });
}

/** The answer that stands, and since when: `Ja, 2026-11-23`. */
export function consentText(person: Person, kind: Consent, language: Language): string {
  const words = texts[language];
  const on = (at: Instant): string => inStockholm(new Date(at)).toISODate();
  if (kind === 'sms') {
    const { smsConsent: consent } = person;
    if (!consent) return words.notAsked;
    const answer = consent.given ? words.yes : words.no;
    return `${answer}, ${on(consent.recordedAt)}${consent.source === '1177' ? ` (${words.from1177})` : ''}`;
  }
  const { careHistoryConsent: consent } = person;
  if (!consent) return words.notAsked;
  const answer = consent.given ? words.yes : words.no;
  return `${answer}, ${on(consent.recordedAt)}${consent.givenBy === 'guardian' ? ` (${words.byGuardian})` : ''}`;
}

const texts = wording({
  sv: {
    sms: {
      title: 'Samtycke till sms',
      question: 'Får mottagningen skicka sms?',
      hint: 'Fråga personen, eller se inställningen på 1177. Sms säger bara att det är ett digitalt möte och när.',
    },
    history: {
      title: 'Samtycke till tidigare vård',
      question: 'Får mottagningen se uppgifter om tidigare vård och läkemedel?',
      hint: 'Fråga i telefon. Ett nej kostar aldrig något: erbjud då annan vård.',
    },
    smsTo: (number: string) => `Får mottagningen skicka sms till ${number}?`,
    now: 'Nu gäller',
    notAsked: 'Inte frågat än',
    yes: 'Ja',
    no: 'Nej',
    from1177: 'enligt 1177',
    byGuardian: 'vårdnadshavare svarade',
    noNumber:
      'Personen har inget mobilnummer. Lägg till numret först: ett samtycke gäller numret som fanns då.',
    protectedIdentity: 'Personuppgifterna är skyddade, så inga sms skickas även om svaret är ja.',
    answers: {
      asked: 'Ja, personen har sagt ja',
      '1177': 'Ja, enligt inställningen på 1177',
      no: 'Nej',
      person: 'Ja, patienten har sagt ja',
      guardian: 'Ja, en vårdnadshavare har sagt ja',
      'no-person': 'Nej, patienten har sagt nej',
      'no-guardian': 'Nej, en vårdnadshavare har sagt nej',
    } satisfies Record<AnswerOf<Consent>, string>,
    wrong: 'Inget är sparat än. Rätta det här',
    problems: {
      'no-answer': 'Välj ett svar.',
      'not-entitled': 'Från 13 år svarar barnet själv. Välj patientens svar.',
    },
    save: 'Spara',
    cancel: 'Avbryt',
  },
  en: {
    sms: {
      title: 'Consent to SMS',
      question: 'May the clinic send SMS?',
      hint: 'Ask the person, or look at the setting at 1177. An SMS says only that there is a digital meeting, and when.',
    },
    history: {
      title: 'Consent to earlier care',
      question: 'May the clinic see data on earlier care and medicines?',
      hint: 'Ask on the telephone. A no never costs anything: then offer other care.',
    },
    smsTo: (number) => `May the clinic send SMS to ${number}?`,
    now: 'Now it is',
    notAsked: 'Not asked yet',
    yes: 'Yes',
    no: 'No',
    from1177: 'by 1177',
    byGuardian: 'a guardian answered',
    noNumber:
      'The person has no mobile number. Add it first: a consent is for the number that was there then.',
    protectedIdentity: 'The personal data are protected, so no SMS is sent even if the answer is yes.',
    answers: {
      asked: 'Yes, the person has said so',
      '1177': 'Yes, by the setting at 1177',
      no: 'No',
      person: 'Yes, the patient has said so',
      guardian: 'Yes, a guardian has said so',
      'no-person': 'No, the patient has said no',
      'no-guardian': 'No, a guardian has said no',
    },
    wrong: 'Nothing is saved yet. Please correct this',
    problems: {
      'no-answer': 'Choose an answer.',
      'not-entitled': 'From the age of 13 the child answers alone. Choose the patient’s answer.',
    },
    save: 'Save',
    cancel: 'Cancel',
  },
});
