import { z } from 'zod';
import type { PageAnswer } from '../../frame/page-content';
import { Banner, Button, ButtonLink, ButtonRow, Heading } from '../../frame/parts';
import { PostForm } from '../../frame/post-form';
import { wording } from '../../frame/wording';
import { afterCommand, giveDeskCommand, wasGiven } from '../frame/command';
import { deskCasePath } from '../frame/paths';
import type { DeskRequest, DeskRouteDeps } from '../frame/route';
import { CaseState, caseWithQuery, personWords } from './case-head';
import { hasNews, withCase } from './thread';

/** The number of the last message that the case had when the page was made. */
export const closeForm = z.object({ seen: z.coerce.number().int().nonnegative().catch(0) });

/** Asks whether a case is to be closed, and says what follows (R6.3, R6.4). */
export const showClose =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const { language, guard, params, query } = request;
    const words = texts[language];
    const caseId = params.caseId ?? '';
    const seen = (await deps.records.messages.lastOf([caseId])).get(caseId) ?? 0;
    return withCase(deps, request, (view) => ({
      title: words.title,
      main: (
        <>
          {query.refused === 'new-message' && (
            <Banner kind="warning" takesFocus>
              {words.news}
            </Banner>
          )}
          <Heading above={personWords(language, view.patient)}>{words.title}</Heading>
          <CaseState language={language} view={view} now={deps.clock.now()} />
          {view.careCase.course.clock !== null && <Banner kind="warning">{words.unanswered}</Banner>}
          <p>{words.follows}</p>
          <PostForm action={deskCasePath(caseId, 'close')} guard={guard}>
            <input type="hidden" name="seen" value={seen} />
            <ButtonRow>
              <Button kind="danger">{words.close}</Button>
              <ButtonLink href={deskCasePath(caseId)} kind="secondary">
                {words.back}
              </ButtonLink>
            </ButtonRow>
          </PostForm>
        </>
      ),
    }));
  };

/** Closes it, unless something was written since the page was made: that is told first. */
export const postClose =
  (deps: DeskRouteDeps) =>
  async (request: DeskRequest): Promise<PageAnswer> => {
    const caseId = request.params.caseId ?? '';
    const { seen } = request.body as z.infer<typeof closeForm>;
    if ((await hasNews(deps, request, caseId, seen)) && !(await wasGiven(deps, request)))
      return { redirect: caseWithQuery(caseId, 'close', { refused: 'new-message' }) };
    const answer = await giveDeskCommand(deps, request, { operation: 'case.close', body: undefined });
    return afterCommand(answer, deskCasePath(caseId), 'closed');
  };

const texts = wording({
  sv: {
    title: 'Avsluta ärendet',
    news: 'Det har kommit ett nytt meddelande sedan du öppnade sidan. Läs det först. Vill du avsluta ändå, tryck på knappen igen.',
    unanswered:
      'Patientens meddelande är inte besvarat. Det väntar på svar också när ärendet är avslutat, och mottagningen kan fortfarande svara.',
    follows:
      'Patienten kan inte skriva mer i ärendet. Kontakten ska dokumenteras i journalen, och du påminns tills det är gjort.',
    close: 'Avsluta ärendet',
    back: 'Tillbaka',
  },
  en: {
    title: 'Close the case',
    news: 'A new message has come since you opened the page. Read it first. If you still want to close, press the button again.',
    unanswered:
      'The patient’s message is not answered. It waits for its reply also when the case is closed, and the clinic can still reply.',
    follows:
      'The patient cannot write in the case any more. The contact is to be documented in the journal, and you are reminded until that is done.',
    close: 'Close the case',
    back: 'Back',
  },
});
