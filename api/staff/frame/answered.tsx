import { refusalPage, refusalStatus } from './refusals';
import { DESK_PATH } from './paths';
import { everybody, type DeskRequest, type DeskRoute } from './route';

/** Where the page is shown that a form was answered with. */
export const answeredPath = (answerId: string): string => `${DESK_PATH}/answers/${answerId}`;

/** As whom an answer is shown: not to a colleague on the same login, and not where the roles are others by now. */
export const shownTo = ({ member, roles }: Pick<DeskRequest, 'member' | 'roles'>): string =>
  JSON.stringify([member.clinicId, member.memberId, ...roles]);

/**
 * The page that a form was answered with, such as the same form with what is wrong in it. It has an address of its own
 * (post, redirect, get): to reload it, or to go back to it, posts nothing once more.
 */
export const answeredRoutes = (): DeskRoute[] => [
  {
    method: 'get',
    path: answeredPath('{answerId}'),
    operation: 'form.show-answer',
    summary: 'The page that a form was answered with, for ten minutes and the same login',
    roles: everybody,
    subject: 'clinic',
    async handle(request) {
      const answered = await request.answered(request.params.answerId ?? '');
      if (answered?.shownTo !== shownTo(request))
        return {
          page: refusalPage(request.language, 'not-found', `${DESK_PATH}/today`),
          status: refusalStatus['not-found'],
        };
      const { html, status } = answered;
      return { content: { sendTo: (response) => void response.status(status).type('html').send(html) } };
    },
  },
];
