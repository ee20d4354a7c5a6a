import { z } from 'zod';
import { assignCaseBody } from '../../../use-cases/thread/bodies';
import { SelectField } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, Card, Facts, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskCasePath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { caseWithQuery, holderWords, personWords } from './case-head';
import { isStaffHere, staffOptions } from './colleagues';
import { withCase } from './thread';

/** Whom it is with from now, and whom it was with as the page had it; empty for nobody. */
export const assignForm = z.object({
  staffId: z.string().max(100).default(''),
  from: z.string().max(100).default(''),
});

/** To whom a case is handed over, or that nobody has it. */
export const showAssign =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { language, guard, roles } = request;
    const words = texts[language];
    const options = await staffOptions(deps, request);
    return withCase(deps, request, ({ careCase, patient, holder }) => {
      const { caseId, assignedTo } = careCase;
      const others = options.filter(
        ({ value }) => value !== assignedTo && !(holder?.staffIds.includes(value) ?? false),
      );
      // As the operations manager one gives it to anybody, whoever has it (R6.5).
      const page = roles.includes('operations-manager') ? 'reassign' : 'assign';
      return {
        title: words.title,
        main: (
          <>
            <Heading above={personWords(language, patient)}>{words.title}</Heading>
            <Card isMain>
              <Facts
                facts={[{ term: words.with, value: holderWords(language, careCase, holder), icon: 'person' }]}
              />
            </Card>
            <PostForm action={deskCasePath(caseId, page)} guard={guard} noValidate>
              <input type="hidden" name="from" value={assignedTo ?? ''} />
              <SelectField
                id="staffId"
                name="staffId"
                label={words.to}
                options={[...others, ...(assignedTo === null ? [] : [{ value: '', text: words.nobody }])]}
                value={others[0]?.value ?? ''}
                language={language}
              />
              <ButtonRow>
                <Button>{words.handOver}</Button>
                <ButtonLink href={deskCasePath(caseId)} kind="quiet">
                  {words.back}
                </ButtonLink>
              </ButtonRow>
            </PostForm>
          </>
        ),
      };
    });
  };

/** Takes a case, hands it over, or gives it back (R6.5). */
export const postAssign =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { caller, member, params } = request;
    const form = request.body as z.infer<typeof assignForm>;
    const page = deskCasePath(params.caseId ?? '');
    const isMine = (staffId: string): boolean => member.staffIds.includes(staffId);
    // Whoever has several references hands over under the one that has the case.
    const staffId = isMine(form.from) ? form.from : caller.staffId;
    const to = form.staffId === '' ? null : isMine(form.staffId) ? staffId : form.staffId;
    const body = assignCaseBody.safeParse({ staffId: to, from: form.from === '' ? null : form.from });
    if (!body.success || (to !== null && !isMine(to) && !(await isStaffHere(deps, request, to))))
      return { redirect: caseWithQuery(params.caseId ?? '', '', { refused: 'no-such-colleague' }) };
    const acting = { ...request, caller: { ...caller, staffId } };
    const answer = await giveDeskCommand(deps, acting, { operation: 'case.assign', body: body.data });
    return afterCommand(answer, page, to === null ? 'given-back' : isMine(to) ? 'taken' : 'assigned');
  };

const texts = wording({
  sv: {
    title: 'Lämna över ärendet',
    with: 'Hos',
    to: 'Vem ska ha ärendet?',
    nobody: 'Ingen: den som kan tar det',
    handOver: 'Lämna över',
    back: 'Tillbaka',
  },
  en: {
    title: 'Hand over the case',
    with: 'With',
    to: 'Who is to have the case?',
    nobody: 'Nobody: whoever can takes it',
    handOver: 'Hand over',
    back: 'Back',
  },
});
