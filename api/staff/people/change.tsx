import type { z } from 'zod';
import { fieldProblems, withInput } from '../../problems';
import type { Person } from '../../../records/people';
import type { FieldProblem } from '../../../use-cases/command';
import { changePersonBody } from '../../../use-cases/person/bodies';
import type { PageAnswer, PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, ErrorSummary, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { giveDeskCommand } from '../frame/command';
import { deskPersonPath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { contactsOf, PersonFields, personProblems, summaryOf, typedOf, typedPerson } from './fields';
import { contactFacts } from './person';
import { personIn, seenAt } from './read';
import { askedAgain, refusedText } from './refused';
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
    const standing = (await deps.records.people.find(person.clinicId, personId)) ?? person;
    if (standing.protectedIdentity && !isProtected)
      return { redirect: `${deskPersonPath(personId)}?refused=${refusal}` };
    const { errors } = answer.body as { errors: FieldProblem[] };
    const isOvertaken = refusal === 'overtaken';
    return {
      page: changePage(askedAgain(request, answer), standing, {
        // What is saved next time is saved over what is shown now.
        typed: isOvertaken ? { ...typed, seen: standing.changedAt } : typed,
        errors,
        refusal: errors.length > 0 ? null : refusal,
        showsStanding: isOvertaken,
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
  const summary = summaryOf(problems);
  return {
    title: words.title,
    main: (
      <>
        {summary.length > 0 && <ErrorSummary title={words.wrong} problems={summary} />}
        {refusal !== null && (
          <Banner kind="error" takesFocus>
            {refusedText(refusal, language)}
          </Banner>
        )}
        <Heading above={words.title}>{person.personal.name}</Heading>
        {showsStanding && (
          <section aria-labelledby="standing">
            <h2 id="standing">{words.standing}</h2>
            <Facts facts={contactFacts(person, language)} />
            <p>{words.standingHint}</p>
          </section>
        )}
        <PostForm action={pathFor(person, isProtected)} guard={guard} noValidate autocomplete="off">
          <input type="hidden" name="seen" value={typed.seen ?? ''} />
          <PersonFields typed={typed} problems={problems} isNew={false} language={language} />
          <ButtonRow>
            <Button>{words.save}</Button>
            <ButtonLink href={deskPersonPath(person.personId)} kind="quiet">
              {words.cancel}
            </ButtonLink>
          </ButtonRow>
        </PostForm>
      </>
    ),
  };
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
