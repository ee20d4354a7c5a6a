import type { z } from 'zod';
import { fieldProblems, withInput } from '../../problems';
import type { Person } from '../../../records/people';
import type { FieldProblem } from '../../../use-cases/command';
import { changePersonBody } from '../../../use-cases/person/bodies';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Facts } from '../../frame/parts';
import { wording } from '../../frame/wording';
import { giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { contactsOf, PersonFields, personProblems, summaryOf, typedOf, typedPerson } from './fields';
import { formPage, refusedChange } from './form-page';
import { contactFacts } from './person';
import { personIn, seenAt } from './read';
import { reasonOf } from '../../page-command';

/** A person's contact ways and choices, and the change that the page has shown as the last. */
export const changeBody = typedPerson.extend({ seen: seenAt });
type Changed = z.infer<typeof changeBody>;

/** Where the form is: for one with protected data it is a page that says whose they are, and is logged so. */
const pathFor = ({ personId }: Person, isProtected: boolean): string =>
  deskPersonPath(personId, isProtected ? 'protected/change' : 'change');
const pathOf = (person: Person): string => pathFor(person, person.protectedIdentity);

/** The form with what the record has. Protected data are not shown here, but by those who may open them. */
export const showChange =
  (deps: DeskRouteDeps, isProtected: boolean) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    if (person.protectedIdentity !== isProtected) return { redirect: pathOf(person) };
    const typed = { ...typedOf(person), seen: person.changedAt };
    return { page: changePage(request, person, { typed, isProtected }) };
  };

/** Changes the person, unless somebody else has since the page was opened: then both are shown. */
export const change =
  (deps: DeskRouteDeps, isProtected: boolean) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const person = await personIn(deps, request);
    const { personId } = person;
    const typed = request.body as Changed;
    // Protected data are changed where they are shown; a form that was posted before gets its answer again.
    if (person.protectedIdentity && !isProtected && typed.seen === person.changedAt)
      return { redirect: pathOf(person) };
    const read = changePersonBody.safeParse(contactsOf(typed), withInput);
    if (!read.success) {
      // The form tells the name, whatever was posted from this one.
      if (person.protectedIdentity && !isProtected) return { redirect: pathOf(person) };
      const errors = fieldProblems('body', read.error);
      return { page: changePage(request, person, { typed, errors, isProtected }), status: 422 };
    }
    const answer = await giveDeskCommand(deps, request, {
      operation: 'person.change',
      body: { ...read.data, seenChangedAt: typed.seen },
    });
    const refusal = reasonOf(answer);
    if (refusal === null) return { redirect: `${deskPersonPath(personId)}?said=changed` };
    const refused = await refusedChange(deps, request, person, typed, answer);
    if (refused.standing.protectedIdentity && !isProtected)
      return { redirect: `${deskPersonPath(personId)}?refused=${refusal}` };
    return {
      page: changePage(refused.request, refused.standing, {
        ...refused,
        showsStanding: refused.isOvertaken,
        isProtected,
      }),
      status: answer.status,
    };
  };

function changePage(
  { language, guard }: DeskRequest,
  person: Person,
  {
    typed,
    errors = [],
    refusal = null,
    showsStanding = false,
    isProtected,
  }: {
    typed: Changed;
    errors?: FieldProblem[];
    refusal?: string | null;
    showsStanding?: boolean;
    isProtected: boolean;
  },
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
    lead: showsStanding && (
      <section aria-labelledby="standing">
        <h2 id="standing">{words.standing}</h2>
        <Facts facts={contactFacts(person, language)} />
        <p>{words.standingHint}</p>
      </section>
    ),
    action: pathFor(person, isProtected),
    seen: typed.seen,
    fields: <PersonFields typed={typed} problems={problems} isNew={false} language={language} />,
    autocomplete: 'off',
    save: words.save,
    cancel: { text: words.cancel, href: deskPersonPath(person.personId) },
  });
}

const texts = wording({
  sv: {
    title: 'Ändra uppgifter',
    wrong: 'Inget är sparat än. Rätta det här',
    standing: 'Så här står det nu',
    standingHint: 'Här nedanför är det du skrev. Kontrollera det, och spara igen om det ska gälla.',
    save: 'Spara',
    cancel: 'Avbryt',
  },
  en: {
    title: 'Change the data',
    wrong: 'Nothing is saved yet. Please correct this',
    standing: 'How it stands now',
    standingHint: 'Below is what you wrote. Check it, and save again if it is to hold.',
    save: 'Save',
    cancel: 'Cancel',
  },
});
