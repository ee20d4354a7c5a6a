import { Router, type RequestHandler } from 'express';
import { meetingWorkflowId } from '../../temporal/ids';
import { queryLink, readyQueries, workflowLink } from '../../temporal/web-ui';
import type { OutboxStore } from '../outbox/store';
import { homeScript, homeStyle } from './assets';
import { actions, type Action, type DemoMeetings } from './demo-meetings';
import { homePage } from './page';

export interface HomeDeps {
  demoMeetings: DemoMeetings;
  outbox: OutboxStore;
  apiUrl: string;
  temporalUiUrl: string | null;
  namespace: string;
  bookingCommand: string;
}

/** The home page of `npm start`: books a demo meeting and shows its life. */
export function createHome(deps: HomeDeps): Router {
  const { demoMeetings, outbox, apiUrl, temporalUiUrl, namespace, bookingCommand } = deps;
  /** What came of the last button of each meeting, and under '' why none could be booked. */
  const said = new Map<string, string>();
  const webUi = temporalUiUrl === null ? null : { url: temporalUiUrl, namespace };
  const router = Router();

  function takeProblem(): string | null {
    const problem = said.get('') ?? null;
    said.delete('');
    return problem;
  }

  router.get('/', async (request, response) => {
    const meetingId = typeof request.query.meeting === 'string' ? request.query.meeting : null;
    const view = meetingId ? await demoMeetings.read(meetingId) : null;
    const notShown = 'That meeting cannot be shown: it is not there, or the API does not answer.';
    response.set('Cache-Control', 'no-store').send(
      homePage({
        apiUrl,
        temporalUiUrl,
        bookingCommand,
        lists: webUi
          ? readyQueries(new Date()).map(({ about, query }) => ({ about, url: queryLink(webUi, query) }))
          : [],
        said: view ? (said.get(view.meeting.meetingId) ?? null) : meetingId ? notShown : takeProblem(),
        now: new Date(),
        meeting: view && {
          ...view,
          sms: outbox.messages().filter((message) => message.to === view.mobile),
          workflowUrl: webUi && workflowLink(webUi, meetingWorkflowId(view.meeting.meetingId)),
        },
      }),
    );
  });

  const booking =
    (book: DemoMeetings['book']): RequestHandler =>
    async (_request, response) => {
      const booked = await book();
      if ('meetingId' in booked) {
        response.redirect(303, `/?meeting=${booked.meetingId}`);
      } else {
        said.set('', booked.problem);
        response.redirect(303, '/');
      }
    };
  router.post(
    '/demo',
    booking(() => demoMeetings.book()),
  );
  router.post(
    '/demo-to-log-in',
    booking(() => demoMeetings.bookForTolvan()),
  );

  router.post('/demo/:meetingId/:action', async (request, response) => {
    const { meetingId, action } = request.params;
    if (isAction(action)) said.set(meetingId, await demoMeetings.act(meetingId, action));
    response.redirect(303, `/?meeting=${encodeURIComponent(meetingId)}`);
  });

  router.get('/home.css', (_request, response) => {
    response.type('css').send(homeStyle);
  });
  router.get('/home.js', (_request, response) => {
    response.type('js').send(homeScript);
  });
  return router;
}

const isAction = (text: string): text is Action => (actions as readonly string[]).includes(text);
