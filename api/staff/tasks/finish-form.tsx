import type { Task } from '../../../records/tasks';
import type { Language } from '../../../rules/notices';
import { doneBy, taskResults, type TaskKind, type TaskResult } from '../../../rules/tasks';
import { Choices } from '../../frame/fields';
import { Button } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { deskTaskPath } from '../frame/paths';
import type { DeskRequest } from '../frame/route';

/** A task that is done when somebody was reached, or not. */
export const isCall = (kind: TaskKind): boolean =>
  kind === 'nobody-reached' ||
  kind === 'consent-refused' ||
  kind === 'clinic-absent' ||
  kind === 'message-lost' ||
  kind === 'not-carried-out' ||
  kind === 'objection-after-issue';

/** As they are asked for: what one hopes for first. */
const resultsInOrder: readonly TaskResult[] = ['reached', 'not-reached', 'done'];

/** What is wrong where nothing was chosen. */
export const resultProblem = (language: Language): string => texts[language].problem;

/** Asks what came of a task, where staff just say so. */
export function FinishForm({
  task: { taskId, kind, state },
  request,
  kind: button = 'secondary',
  lacksResult = false,
}: {
  task: Task;
  request: DeskRequest;
  kind?: 'primary' | 'secondary';
  lacksResult?: boolean;
}) {
  const { language, guard } = request;
  const words = texts[language];
  if (state !== 'open' || doneBy(kind) !== null) return null;
  return (
    <PostForm action={deskTaskPath(taskId, 'done')} guard={guard} noValidate>
      {isCall(kind) ? (
        <Choices
          id="result"
          name="result"
          label={words.what}
          choices={resultsInOrder.map((result) => ({
            value: result,
            text: words.results[result],
            ...(result === 'reached' && kind === 'nobody-reached' ? { hint: words.countsAsNotice } : {}),
          }))}
          problem={lacksResult ? words.problem : null}
          language={language}
        />
      ) : (
        <input type="hidden" name="result" value="done" />
      )}
      <Button kind={button}>{isCall(kind) ? words.save : words.markDone}</Button>
    </PostForm>
  );
}

/** What came of a task that is done, in words; null where nobody said. */
export const resultWord = (result: string | null, language: Language): string | null =>
  taskResults.includes(result as TaskResult) ? texts[language].results[result as TaskResult] : null;

const texts = wording({
  sv: {
    what: 'Hur gick det?',
    results: {
      done: 'Det är löst, eller behövs inte längre',
      reached: 'Patienten är nådd',
      'not-reached': 'Patienten gick inte att nå',
    } satisfies Record<TaskResult, string>,
    countsAsNotice: 'Då räknas patienten som underrättad om mötet.',
    problem: 'Välj hur det gick.',
    save: 'Avsluta uppgiften',
    markDone: 'Markera som klar',
  },
  en: {
    what: 'How did it go?',
    results: {
      done: 'It is solved, or not needed any more',
      reached: 'The patient was reached',
      'not-reached': 'The patient could not be reached',
    },
    countsAsNotice: 'Then the patient counts as told of the meeting.',
    problem: 'Choose how it went.',
    save: 'End the task',
    markDone: 'Mark as done',
  },
});
