import { Router, type RequestHandler } from 'express';
import { caseWorkflowId, meetingWorkflowId } from '../../temporal/ids';
import { listLink, queryLink, readyQueries, workflowLink } from '../../temporal/web-ui';
import type { OutboxStore } from '../outbox/store';
import { homeScript, homeStyle } from './assets';
import { caseActions, type CaseAction, type DemoCases } from './demo-cases';
import { actions, type Action, type DemoMeetings } from './demo-meetings';
import { homePage } from './page';

export interface HomeDeps {
  demoMeetings: DemoMeetings;
  demoCases: DemoCases;
  outbox: OutboxStore;
  apiUrl: string;
  temporalUiUrl: string | null;
  namespace: string;
  bookingCommand: string;
}

/** The home page of `npm start`: books a demo meeting and shows its life. */
export function createHome(deps: HomeDeps): Router {
  const { demoMeetings, demoCases, outbox, apiUrl, temporalUiUrl, namespace, bookingCommand } = deps;
  /** What came of the last button of each meeting and case, and under '' why none could be made. */
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
    const caseId = !meetingId && typeof request.query.case === 'string' ? request.query.case : null;
    const ofCase = caseId ? await demoCases.read(caseId) : null;
    const asked = meetingId ?? caseId;
    const notShown = 'That cannot be shown: it is not there, or the API does not answer.';
    const smsTo = (mobile: string) => outbox.messages().filter((message) => message.to === mobile);
    response.set('Cache-Control', 'no-store').send(
      homePage({
        apiUrl,
        webUiUrl: webUi && listLink(webUi),
        bookingCommand,
        lists: webUi
          ? readyQueries(new Date()).map(({ about, query }) => ({ about, url: queryLink(webUi, query) }))
          : [],
        said: view || ofCase ? (said.get(asked ?? '') ?? null) : asked ? notShown : takeProblem(),
        now: new Date(),
        meeting: view && {
          ...view,
          sms: smsTo(view.mobile),
          workflowUrl: webUi && workflowLink(webUi, meetingWorkflowId(view.meeting.meetingId)),
        },
        case: ofCase && {
          ...ofCase,
          sms: smsTo(ofCase.mobile),
          workflowUrl: webUi && workflowLink(webUi, caseWorkflowId(ofCase.read.caseId)),
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

  router.post('/demo-case', async (_request, response) => {
    const opened = await demoCases.open();
    if ('caseId' in opened) {
      response.redirect(303, `/?case=${opened.caseId}`);
    } else {
      said.set('', opened.problem);
      response.redirect(303, '/');
    }
  });

  router.post('/demo-case/:caseId/:action', async (request, response) => {
    const { caseId, action } = request.params;
    if (isCaseAction(action)) said.set(caseId, await demoCases.act(caseId, action));
    response.redirect(303, `/?case=${encodeURIComponent(caseId)}`);
  });

  router.get('/home.css', (_request, response) => {
    response.type('css').send(homeStyle);
  });
  router.get('/home.js', (_request, response) => {
    response.type('js').send(homeScript);
  });
  return router;
}

const isCaseAction = (text: string): text is CaseAction => (caseActions as readonly string[]).includes(text);
const isAction = (text: string): text is Action => (actions as readonly string[]).includes(text);
