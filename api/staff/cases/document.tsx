import { z } from 'zod';
import { inStockholm } from '../../../rules/calendar/stockholm';
import type { Language } from '../../../rules/notices';
import type { Answer } from '../../../records/commands';
import type { FieldProblem } from '../../../use-cases/command';
import { documentContactBody } from '../../../use-cases/thread/bodies';
import { CheckField, DateField } from '../../frame/fields';
import type { PageAnswer } from '../../frame/page-content';
import { Button, ButtonLink, ButtonRow, ErrorSummary, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand } from '../frame/command';
import { deskCasePath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { typedDay, typedText } from '../frame/typed';
import { CaseState, personWords } from './case-head';
import { withCase } from './thread';

export const documentForm = z.object({
  'contactOn.day': typedText,
  'contactOn.month': typedText,
  'contactOn.year': typedText,
  picturesHandled: z.literal('yes').optional(),
});
type DocumentForm = z.infer<typeof documentForm>;

interface Problem {
  field: 'contactOn' | 'picturesHandled';
  text: string;
}

/** Asks for the day of the contact, and whether its pictures were handled (R6.4). */
export const showDocument =
  (deps: DeskRouteDeps) =>
  (request: DeskRequest): Promise<PageAnswer> => {
    const [year = '', month = '', day = ''] = inStockholm(deps.clock.now()).toISODate().split('-');
    const today = { 'contactOn.day': day, 'contactOn.month': month, 'contactOn.year': year };
    return documentPage(deps, request, today, []);
  };

/** Notes that the contact stands in the journal; what is wrong is told at its field, with all that was typed. */
export const postDocument =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const form = request.body as DocumentForm;
    const words = texts[request.language];
    const body = documentContactBody.safeParse({
      contactOn: dayIn(form),
      picturesHandled: form.picturesHandled === 'yes',
    });
    if (!body.success)
      return documentPage(deps, request, form, [{ field: 'contactOn', text: words.problems['wrong-day'] }]);
    const answer = await giveDeskCommand(deps, request, { operation: 'case.document', body: body.data });
    const problems = problemsIn(request.language, answer);
    return problems.length > 0
      ? documentPage(deps, request, form, problems)
      : afterCommand(answer, deskCasePath(request.params.caseId ?? ''), 'documented');
  };

/** `2026-1-5` as people write it is the fifth of January. */
const dayIn = (form: DocumentForm): string | null =>
  typedDay({
    year: form['contactOn.year'],
    month: form['contactOn.month'],
    day: form['contactOn.day'],
  });

/** What the command says of its fields. */
function problemsIn(language: Language, { status, body }: Answer): Problem[] {
  if (status !== 422) return [];
  const words = texts[language].problems as Record<string, string>;
  return (body as { errors: FieldProblem[] }).errors.map(({ field, reason }) => ({
    field: field === '/body/picturesHandled' ? 'picturesHandled' : 'contactOn',
    text: words[reason] ?? texts[language].problems['wrong-day'],
  }));
}

async function documentPage(
  deps: DeskRouteDeps,
  request: DeskRequest,
  form: DocumentForm,
  problems: Problem[],
): Promise<PageAnswer> {
  const { language, guard } = request;
  const words = texts[language];
  const problemOf = (field: Problem['field']): string | null =>
    problems.find((each) => each.field === field)?.text ?? null;
  const answer = await withCase(deps, request, (view) => {
    const { caseId, hasPictures } = view.careCase;
    return {
      title: `${problems.length > 0 ? words.wrong : ''}${words.title}`,
      main: (
        <>
          {problems.length > 0 && <ErrorSummary title={words.notDone} problems={problems} />}
          <Heading above={personWords(language, view.patient)}>{words.title}</Heading>
          <CaseState language={language} view={view} now={deps.clock.now()} />
          <p>{words.intro}</p>
          <PostForm action={deskCasePath(caseId, 'document')} guard={guard} noValidate>
            <DateField
              id="contactOn"
              name="contactOn"
              label={words.contactOn}
              hint={words.contactOnHint}
              value={{
                day: form['contactOn.day'],
                month: form['contactOn.month'],
                year: form['contactOn.year'],
              }}
              problem={problemOf('contactOn')}
              language={language}
            />
            {hasPictures && (
              <CheckField
                id="picturesHandled"
                name="picturesHandled"
                label={words.pictures}
                isChecked={form.picturesHandled === 'yes'}
                problem={problemOf('picturesHandled')}
                language={language}
              />
            )}
            <ButtonRow>
              <Button>{words.done}</Button>
              <ButtonLink href={deskCasePath(caseId)} kind="quiet">
                {words.back}
              </ButtonLink>
            </ButtonRow>
          </PostForm>
        </>
      ),
    };
  });
  return 'page' in answer && problems.length > 0 ? { ...answer, status: 422 } : answer;
}

const texts = wording({
  sv: {
    title: 'Dokumentera kontakten',
    wrong: 'Fel: ',
    notDone: 'Kontakten är inte noterad som dokumenterad än',
    intro: 'Skriv i journalen först. Säg sedan till här, så slutar påminnelserna.',
    contactOn: 'Vilken dag var kontakten?',
    contactOnHint: 'Samma dag som i journalen.',
    pictures: 'Bilderna är hanterade enligt mottagningens rutin',
    done: 'Kontakten är dokumenterad',
    back: 'Tillbaka',
    problems: {
      'wrong-day': 'Skriv en dag som finns, med år, månad och dag.',
      'in-the-future': 'Dagen har inte varit än. Skriv dagen då kontakten ägde rum.',
      'before-the-case': 'Ärendet var inte öppet den dagen. Skriv dagen då kontakten ägde rum.',
      'pictures-not-handled':
        'Hantera bilderna enligt mottagningens rutin först, och kryssa i att det är gjort.',
    },
  },
  en: {
    title: 'Document the contact',
    wrong: 'Error: ',
    notDone: 'The contact is not noted as documented yet',
    intro: 'Write in the journal first. Then say so here, and the reminders end.',
    contactOn: 'On which day was the contact?',
    contactOnHint: 'The same day as in the journal.',
    pictures: 'The pictures are handled by the clinic’s routine',
    done: 'The contact is documented',
    back: 'Back',
    problems: {
      'wrong-day': 'Write a day that exists, with year, month and day.',
      'in-the-future': 'That day has not been yet. Write the day on which the contact took place.',
      'before-the-case': 'The case was not open on that day. Write the day on which the contact took place.',
      'pictures-not-handled': 'Handle the pictures by the clinic’s routine first, and tick that it is done.',
    },
  },
});
