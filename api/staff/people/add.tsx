import { z } from 'zod';
import { bornProblems } from '../../../use-cases/person/stated-dates';
import { fieldProblems, withInput } from '../../problems';
import type { Answer } from '../../../records/commands';
import type { FieldProblem } from '../../../use-cases/command';
import { addPersonBody } from '../../../use-cases/person/bodies';
import type { Language } from '../../../rules/notices';
import { isBlank } from '../../../rules/typed';
import { Choices } from '../../frame/fields';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner } from '../../frame/parts';
import type { FormGuard } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { typedText } from '../frame/typed';
import {
  newPersonOf,
  PersonFields,
  personProblems,
  summaryOf,
  typedPerson,
  type PersonProblems,
  type TypedPerson,
} from './fields';
import { ADD_PATH, PEOPLE_PATH } from './paths';
import { formPage } from './form-page';
import { askedAgain } from './refused';
import { reasonOf } from '../../page-command';

const consentNow = ['', 'asked', '1177'] as const;
/** A new person, and whether SMS may go to them. */
export const addBody = typedPerson.extend({ sms: z.enum(consentNow).default('') });
type Added = z.infer<typeof addBody>;
/** The number that was searched for. */
export const numberBody = z.object({ number: typedText });

/** The empty form; or with the number that nobody had. */
export const showAdd = ({ language, guard, body }: DeskRequest): PageAnswer => {
  const { number } = numberBody.parse(body ?? {});
  return { page: addPage(language, guard, { typed: { ...addBody.parse({}), number } }) };
};

/** Adds a person, and after that records the consent to SMS, for the number as it is recorded then (R2.2). */
export async function add(deps: DeskRouteDeps, request: DeskRequest): Promise<PageAnswer> {
  const { language, guard, receivedAt } = request;
  const typed = request.body as Added;
  const read = addPersonBody.safeParse(newPersonOf(typed), withInput);
  const problems = read.success
    ? bornProblems(read.data.birthDate, receivedAt)
    : [...fieldProblems('body', read.error), ...birthProblems(typed)];
  if (!read.success || problems.length > 0)
    return { page: addPage(language, guard, { typed, errors: problems }), status: 422 };

  const answer = await giveDeskCommand(deps, request, { operation: 'person.add', body: read.data });
  if (reasonOf(answer) !== null) return refused(deps, request, typed, answer);
  const { personId } = answer.body as { personId: string };
  const goal = deskPersonPath(personId);
  if (typed.sms === '') return { redirect: `${goal}?said=added` };
  const consent = await giveDeskCommand(
    deps,
    request,
    {
      operation: 'person.record-sms-consent',
      params: { personId },
      body: { given: true, source: typed.sms },
    },
    '/sms',
  );
  return afterCommand(consent, goal, 'added');
}

/** That neither a number nor a birth date was written: the schema says so only once all else is right. */
const birthProblems = (typed: Added): FieldProblem[] =>
  isBlank(typed.number) && !('birthDate' in newPersonOf(typed))
    ? [{ field: '/body/birthDate', reason: 'wrong-value', message: 'is needed without a personal number' }]
    : [];

/** Shows the form again with what is wrong; for a number that the clinic has, the way to that person. */
async function refused(
  { records }: DeskRouteDeps,
  request: DeskRequest,
  typed: Added,
  answer: Answer,
): Promise<PageAnswer> {
  // Whoever presses again adds nobody twice, and records the consent then.
  const { language, guard, clinic, noteRead } = askedAgain(request, answer);
  const { errors } = answer.body as { errors: FieldProblem[] };
  const read = addPersonBody.safeParse(newPersonOf(typed));
  const identity = read.success ? read.data.identity : null;
  const known =
    reasonOf(answer) === 'person-known' && identity
      ? await records.people.findByIdentity(clinic.clinicId, identity)
      : null;
  if (known) await noteRead([known.personId]);
  return {
    page: addPage(language, guard, {
      typed,
      errors,
      refusal: errors.length > 0 ? null : reasonOf(answer),
      knownId: known?.personId ?? null,
    }),
    status: answer.status,
  };
}

function addPage(
  language: Language,
  guard: FormGuard,
  {
    typed,
    errors = [],
    refusal = null,
    knownId = null,
  }: { typed: Added; errors?: FieldProblem[]; refusal?: string | null; knownId?: string | null },
): PageContent {
  const words = texts[language];
  const problems: PersonProblems = personProblems(errors, typed satisfies TypedPerson, language);
  return formPage({
    language,
    guard,
    title: words.title,
    wrong: { title: words.wrong, problems: summaryOf(problems) },
    refusal,
    lead: knownId !== null && (
      <Banner kind="info">
        <p>
          {words.known} <a href={deskPersonPath(knownId)}>{words.toKnown}</a>
        </p>
      </Banner>
    ),
    action: ADD_PATH,
    fields: (
      <>
        <PersonFields typed={typed} problems={problems} isNew language={language} />
        <Choices
          id="sms"
          name="sms"
          label={words.sms}
          hint={words.smsHint}
          language={language}
          chosen={[typed.sms]}
          choices={consentNow.map((value) => ({ value, text: words.consents[value] }))}
        />
      </>
    ),
    autocomplete: 'off',
    save: words.add,
    cancel: { text: words.cancel, href: PEOPLE_PATH },
  });
}

const texts = wording({
  sv: {
    title: 'Lägg till en person',
    wrong: 'Personen är inte tillagd än. Rätta det här',
    known: 'Personen finns redan.',
    toKnown: 'Öppna personen',
    sms: 'Får mottagningen skicka sms?',
    smsHint: 'Sms säger bara att personen har ett digitalt möte och när',
    consents: {
      '': 'Inte frågat än',
      asked: 'Ja, personen har sagt ja',
      '1177': 'Ja, enligt inställningen på 1177',
    },
    add: 'Lägg till',
    cancel: 'Avbryt',
  },
  en: {
    title: 'Add a person',
    wrong: 'The person is not added yet. Please correct this',
    known: 'The person is here already.',
    toKnown: 'Open the person',
    sms: 'May the clinic send SMS?',
    smsHint: 'An SMS says only that the person has a digital meeting, and when',
    consents: {
      '': 'Not asked yet',
      asked: 'Yes, the person has said so',
      '1177': 'Yes, by the setting at 1177',
    },
    add: 'Add',
    cancel: 'Cancel',
  },
});
