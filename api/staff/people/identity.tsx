import type { z } from 'zod';
import { fieldProblems, withInput } from '../../problems';
import type { Person } from '../../../records/people';
import { hasPartOfBirthDate } from '../../../rules/personal-number';
import type { FieldProblem } from '../../../use-cases/command';
import { replaceIdentityBody } from '../../../use-cases/person/bodies';
import { bornProblems } from '../../../use-cases/person/stated-dates';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Facts } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { reasonOf } from '../../page-command';
import { giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { IdentityFields, identityOf, personProblems, summaryOf, typedIdentity } from './fields';
import { formPage, refusedChange } from './form-page';
import { dashed, identityFacts } from './person';
import { personIn, seenAt } from './read';

/** A number and a birth date, and the change that the page has shown as the last. */
export const identityBody = typedIdentity.extend({ seen: seenAt });
type Typed = z.infer<typeof identityBody>;

/** Where the form is: protected data are changed where they are shown, and that is logged so. */
const pathOf = ({ personId, protectedIdentity }: Person): string =>
  deskPersonPath(personId, protectedIdentity ? 'protected/identity' : 'identity');

/** The form with what the record has. */
export const showIdentity =
  (deps: DeskRouteDeps, isProtected: boolean) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    if (person.protectedIdentity !== isProtected) return { redirect: pathOf(person) };
    return { page: identityPage(deps, request, person, { typed: typedOf(person) }) };
  };

/** Puts another number or birth date in the place of what stands, unless somebody else has changed the person. */
export const replaceIdentity =
  (deps: DeskRouteDeps, isProtected: boolean) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    const typed = request.body as Typed;
    if (person.protectedIdentity && !isProtected) return { redirect: pathOf(person) };
    const read = replaceIdentityBody.safeParse(identityOf(typed), withInput);
    const errors = read.success
      ? bornProblems(read.data.birthDate, new Date(request.receivedAt))
      : fieldProblems('body', read.error);
    if (!read.success || errors.length > 0)
      return { page: identityPage(deps, request, person, { typed, errors }), status: 422 };
    const answer = await giveDeskCommand(deps, request, {
      operation: 'person.replace-identity',
      body: { ...read.data, seenChangedAt: typed.seen },
    });
    const refusal = reasonOf(answer);
    if (refusal === null) return { redirect: `${deskPersonPath(person.personId)}?said=identity` };
    const refused = await refusedChange(deps, request, person, typed, answer);
    if (refused.standing.protectedIdentity && !isProtected)
      return { redirect: `${deskPersonPath(person.personId)}?refused=${refusal}` };
    return {
      page: identityPage(deps, refused.request, refused.standing, refused),
      status: answer.status,
    };
  };

/** A date that the number tells is not asked for once more: a new number would contradict it. */
function typedOf({ personal: { identity, birthDate }, changedAt }: Person): Typed {
  const isTold = identity !== null && !hasPartOfBirthDate(identity);
  const [year = '', month = '', day = ''] = isTold ? [] : birthDate.split('-');
  return {
    number: identity ? dashed(identity.number) : '',
    'birth.year': year,
    'birth.month': month,
    'birth.day': day,
    seen: changedAt,
  };
}

function identityPage(
  { clock }: DeskRouteDeps,
  { language, guard }: DeskRequest,
  person: Person,
  { typed, errors = [], refusal = null }: { typed: Typed; errors?: FieldProblem[]; refusal?: string | null },
): PageContent {
  const words = texts[language];
  const problems = personProblems(errors, typed, language);
  return formPage({
    language,
    guard,
    title: words.title,
    of: person.personal.name,
    wrong: { title: words.wrong, problems: summaryOf(problems) },
    refusal,
    lead: (
      <>
        <Facts facts={identityFacts(person, clock.now(), language)} />
        <p>{words.login}</p>
        <p>{words.age}</p>
      </>
    ),
    action: pathOf(person),
    seen: typed.seen,
    fields: <IdentityFields typed={typed} problems={problems} language={language} />,
    autocomplete: 'off',
    save: words.save,
    cancel: { text: words.cancel, href: deskPersonPath(person.personId) },
  });
}

const texts = wording({
  sv: {
    title: 'Ändra nummer eller födelsedatum',
    wrong: 'Inget är sparat än. Rätta det här',
    login:
      'Kontrollera numret mot en legitimation eller folkbokföringen. Den som loggar in med det nya numret kommer åt personens möten och ärenden. Den som loggar in med det gamla gör det inte längre.',
    age: 'Åldern räknas från det nya födelsedatumet. Kontrollera avgifter som redan är föreslagna.',
    save: 'Spara',
    cancel: 'Avbryt',
  },
  en: {
    title: 'Change the number or the birth date',
    wrong: 'Nothing is saved yet. Please correct this',
    login:
      'Check the number against an identity document or the population register. Who logs in with the new number reaches the person’s meetings and cases. Who logs in with the old one does not any more.',
    age: 'The age is counted from the new birth date. Check the fees that are proposed already.',
    save: 'Save',
    cancel: 'Cancel',
  },
});
