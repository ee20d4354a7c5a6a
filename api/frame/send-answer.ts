import type { Response } from 'express';
import type { PageAnswer, PageContent } from './page-content';
import { setPageHeaders } from './page-headers';

/** Sends what a route answers. @param render the whole page, with what stands around it */
export function sendAnswer(
  response: Response,
  answer: PageAnswer,
  render: (page: PageContent) => string,
): void {
  setPageHeaders(response, 'page' in answer ? answer.page.needs : undefined);
  if ('redirect' in answer) {
    response.redirect(303, answer.redirect);
    return;
  }
  if ('content' in answer) {
    answer.content.sendTo(response);
    return;
  }
  response.status(answer.status ?? 200);
  if (answer.retryAfterSeconds !== undefined) response.set('Retry-After', String(answer.retryAfterSeconds));
  if ('json' in answer) response.json(answer.json);
  else response.send(render(answer.page));
}
