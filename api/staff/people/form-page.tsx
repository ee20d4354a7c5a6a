import type { ComponentChildren } from 'preact';
import type { Answer } from '../../../records/commands';
import type { Records } from '../../../records';
import type { Person } from '../../../records/people';
import type { Language } from '../../../rules/notices';
import type { FieldProblem } from '../../../use-cases/command';
import type { PageContent } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, ErrorSummary, Heading } from '../../frame/parts';
import { PostForm, type FormGuard } from '../../frame/post-form';
import { reasonOf } from '../../page-command';
import type { DeskRequest } from '../frame/route';
import { askedAgain, refusedText } from './refused';

/** A page with one form about a person. */
interface FormPage {
  language: Language;
  guard: FormGuard;
  title: string;
  /** Whose it is, as the heading; absent on a page that is about nobody yet. */
  of?: string;
  /** What is wrong, in the order of the fields, and the words above it. */
  wrong: { title: string; problems: { field: string; text: string }[] };
  /** Why a command was not carried out, where no field says it. */
  refusal: string | null;
  /** Between the heading and the form. */
  lead?: ComponentChildren;
  action: string;
  /** The record that the form has shown: what another has changed since is not written over. */
  seen?: string | null;
  fields: ComponentChildren;
  autocomplete?: 'off';
  save: string;
  cancel: { text: string; href: string };
}

/** A person's form with what is wrong above it, and the way back. */
export const formPage = ({
  language,
  guard,
  title,
  of,
  wrong,
  refusal,
  lead,
  action,
  seen,
  fields,
  autocomplete,
  save,
  cancel,
}: FormPage): PageContent => ({
  title,
  main: (
    <>
      {wrong.problems.length > 0 && <ErrorSummary title={wrong.title} problems={wrong.problems} />}
      {refusal !== null && (
        <Banner kind="error" takesFocus>
          {refusedText(refusal, language)}
        </Banner>
      )}
      {of === undefined ? <Heading>{title}</Heading> : <Heading above={title}>{of}</Heading>}
      {lead}
      <PostForm action={action} guard={guard} noValidate {...(autocomplete ? { autocomplete } : {})}>
        {seen !== undefined && <input type="hidden" name="seen" value={seen ?? ''} />}
        {fields}
        <ButtonRow>
          <Button>{save}</Button>
          <ButtonLink href={cancel.href} kind="quiet">
            {cancel.text}
          </ButtonLink>
        </ButtonRow>
      </PostForm>
    </>
  ),
});

/** What was typed in a form that was refused, and how it stands now. */
export interface Refused<Typed> {
  /** As somebody else may have changed it. */
  standing: Person;
  request: DeskRequest;
  isOvertaken: boolean;
  typed: Typed;
  errors: FieldProblem[];
  refusal: string | null;
}

/** How the form of a refused change is shown again: what is saved next time is saved over what is shown now. */
export async function refusedChange<Typed extends { seen: string | null }>(
  { records }: { records: Pick<Records, 'people'> },
  request: DeskRequest,
  person: Person,
  typed: Typed,
  answer: Answer,
): Promise<Refused<Typed>> {
  const refusal = reasonOf(answer);
  const isOvertaken = refusal === 'overtaken';
  const standing = (await records.people.find(person.clinicId, person.personId)) ?? person;
  const { errors } = answer.body as { errors: FieldProblem[] };
  return {
    standing,
    request: askedAgain(request, answer),
    isOvertaken,
    typed: isOvertaken ? { ...typed, seen: standing.changedAt } : typed,
    errors,
    refusal: errors.length > 0 ? null : refusal,
  };
}
