import { queryLink, readyQueries } from '../../temporal/web-ui';
import type { Operation } from '../operation';

/** The ready lists of the Web UI, as of now. */
export const links: Operation = {
  name: 'links',
  usage: '[--clinic ID]',
  about:
    'links to the Web UI’s lists: what starts soon with a form missing, what failed today, what waits for staff',
  ofMeeting: false,
  isRecorded: false,
  changes: false,
  run({ webUi, clock }, { clinic }, { say }) {
    for (const { about, query } of readyQueries(clock.now(), clinic)) {
      say(about);
      say(`  ${webUi ? queryLink(webUi, query) : query}`);
    }
    if (!webUi) say('TEMPORAL_UI_URL is not set: paste these into the Web UI’s filter.');
    return Promise.resolve(true);
  },
};
