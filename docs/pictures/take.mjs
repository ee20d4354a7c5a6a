import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Problem, describeError } from '../../local/checks.mjs';
import { localOrigin, temporalNamespace } from '../../local/environment.mjs';
import { setting, stateFolder } from '../../local/paths.mjs';
import { say } from '../../local/progress.mjs';
import { runningIn } from '../../local/run-record.mjs';
import { pause, waitUntil } from '../../local/waiting.mjs';

/**
 * `node docs/pictures/take.mjs`: pictures of what `npm start` runs from this checkout. For
 * docs/administrators.md the Temporal Web UI: a meeting that waits, one whose patient was not let in and got
 * no SMS, a finished one, and a list; for README.md the home page and the outbox too. It takes some six
 * minutes, since a meeting has to be held. CHROMIUM names the browser.
 */
const folder = path.dirname(fileURLToPath(import.meta.url));
const everyMs = 2_000;
const mostMs = 10 * 60_000;
/** The Web UI draws on after the first words. */
const drawnMs = 8_000;
/** For a page on a busy machine. */
const slowMs = 120_000;

async function main() {
  const ports = runningIn(stateFolder())?.ports;
  if (!ports) throw new Problem('vardmote does not run from this checkout.', 'Start it with npm start.');
  const home = localOrigin(ports);
  const ui = `http://localhost:${ports.temporalUi}/namespaces/${temporalNamespace()}/workflows`;

  const finished = await book(home);
  await act(home, finished, ['consent', 'form', 'staff-confirms']);
  const waiting = await book(home);
  for (const told of [finished, waiting]) await said(home, told, 'SMS booking: delivered');
  await misbehave(home, [{ fault: 'report-failed' }]);
  const refused = await book(home);
  await act(home, refused, ['patient-comes']);
  await said(home, refused, 'SMS booking: failed');
  await misbehave(home, []);

  const browser = await chromium.launch({
    executablePath: setting('CHROMIUM') ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1200 }, colorScheme: 'light' });
    /**
     * @param {string} address
     * @param {string} name
     * @param {string} shows what must be read there: what is encrypted is decoded by the local stand, and shown a moment later
     * @param {string} [tab] of the page of one workflow
     */
    const take = async (address, name, shows, tab) => {
      await page.goto(address, { waitUntil: 'domcontentloaded' });
      if (tab !== undefined) await page.getByText(tab).click({ timeout: slowMs });
      // Markdown is shown in a frame of its own.
      const isShown = async () => {
        const counts = await Promise.all(page.frames().map((frame) => frame.getByText(shows).count()));
        return counts.some((count) => count > 0);
      };
      const shown = await waitUntil(isShown, { timeoutMs: slowMs, everyMs: 500 });
      if (!shown.ok) throw new Problem(`The Web UI never showed “${shows}”.`);
      await pause(drawnMs);
      await page.screenshot({ path: path.join(folder, `${name}.png`) });
      say(`docs/pictures/${name}.png`);
    };
    /** @param {string} address @param {string} name of one of our own pages, which is drawn when it has come */
    const takeOurs = async (address, name) => {
      const ours = await browser.newPage({ viewport: { width: 1200, height: 1150 }, colorScheme: 'light' });
      await ours.goto(address, { waitUntil: 'load', timeout: slowMs });
      await ours.screenshot({ path: path.join(folder, `${name}.png`) });
      await ours.close();
      say(`docs/pictures/${name}.png`);
    };
    const metadata = 'User Metadata';
    await take(`${ui}/meeting-${waiting}`, 'web-ui-waiting', 'Times are UTC', metadata);
    await take(`${ui}/meeting-${refused}`, 'web-ui-refused', 'delivery-report', metadata);
    const query = encodeURIComponent('ExecutionStatus = "Running" AND BlockedBy = "form"');
    await take(`${ui}?query=${query}`, 'web-ui-list', `meeting-${waiting}`);

    await said(home, finished, 'The door is open');
    await act(home, finished, ['staff-comes', 'patient-comes']);
    await said(home, finished, 'under way');
    await takeOurs(`${home}/?meeting=${finished}`, 'home');
    await takeOurs(`${home}/outbox`, 'outbox');
    await act(home, finished, ['patient-leaves', 'staff-leaves']);
    await said(home, finished, 'Register the visit');
    await act(home, finished, ['register']);
    await said(home, finished, 'Nothing more.');
    await take(`${ui}/meeting-${finished}`, 'web-ui-finished', 'visit-registered', metadata);
  } finally {
    await browser.close();
  }
}

/** @param {string} home @returns {Promise<string>} the id of a new demo meeting */
async function book(home) {
  const { headers } = await fetch(`${home}/demo`, { method: 'POST', redirect: 'manual' });
  const meetingId = /meeting=([\w-]+)/.exec(headers.get('location') ?? '')?.[1];
  if (!meetingId) throw new Problem('No demo meeting could be booked.');
  return meetingId;
}

/** @param {string} home @param {string} meetingId @param {string[]} actions */
async function act(home, meetingId, actions) {
  for (const action of actions)
    await fetch(`${home}/demo/${meetingId}/${action}`, { method: 'POST', redirect: 'manual' });
}

/** @param {string} home @param {object[]} rules */
async function misbehave(home, rules) {
  await fetch(`${home}/outbox/faults`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ rules }),
  });
}

/**
 * Waits until a meeting's page says so.
 * @param {string} home @param {string} meetingId @param {string} words
 */
async function said(home, meetingId, words) {
  for (let waited = 0; waited < mostMs; waited += everyMs) {
    const page = await fetch(`${home}/?meeting=${meetingId}`);
    if ((await page.text()).includes(words)) return;
    await pause(everyMs);
  }
  throw new Problem(`The meeting never came to “${words}”.`);
}

try {
  await main();
} catch (error) {
  say(describeError(error));
  process.exitCode = 1;
}
