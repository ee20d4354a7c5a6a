import { checks } from '../checks';
import type { Operation } from '../operation';

/** Checks the configuration and everything that the service depends on. Sends and changes nothing. */
export const check: Operation = {
  name: 'check',
  usage: '',
  about:
    'the configuration, Temporal, MongoDB, the SMS provider’s login, the mail server, the keys, the clock, whether patients and Jitsi’s reports get through; sends nothing',
  ofMeeting: false,
  isRecorded: false,
  changes: false,
  async run(connections, _wishes, { say }) {
    let isWell = true;
    for (const { name, look } of checks) {
      try {
        say(`ok    ${name}: ${await look(connections)}`);
      } catch (error) {
        isWell = false;
        say(`WRONG ${name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    return isWell;
  },
};
