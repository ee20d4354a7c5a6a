'use strict';
/**
 * The day as it goes on: hears that something has changed, and asks what; where that does not work, asks now
 * and then. Names stand in the page and are not asked for again.
 */
(() => {
  const POLL_MS = 30000;
  const ANSWER_MS = 10000;
  /** How long until the next try, after one more failure each time. */
  const TRY_AGAIN_MS = [2000, 5000, 10000, 20000, 30000];

  const day = document.getElementById('day');
  if (!day) return;
  const { path = '', query = '', waits = '' } = day.dataset;
  let key = day.dataset.key || '';
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let nextTry;
  let failures = 0;
  let isLoggedOut = false;
  let looking = false;

  /** @param {string} which of the words that the page has @param {string} [text] in their place */
  function say(which, text) {
    for (const each of Array.from(document.querySelectorAll('#day-said [data-says]'))) {
      const words = /** @type {HTMLElement} */ (each);
      words.hidden = words.dataset.says !== which;
      if (text !== undefined && !words.hidden) words.textContent = text;
    }
  }

  /** @typedef {{ meetingId: string, state: string, now: string, waits: boolean }} Row */

  async function look() {
    if (looking || isLoggedOut) return;
    looking = true;
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_MS);
    try {
      const response = await fetch(`${path}/live${query}`, {
        headers: { accept: 'application/json' },
        signal: patience.signal,
      });
      if (response.status === 401) {
        isLoggedOut = true;
        document.dispatchEvent(new CustomEvent('logged-out'));
        pause();
        say('logged-out');
      } else if (!response.ok) throw new Error();
      else {
        const now = /** @type {{ key: string, rows: Row[] }} */ (await response.json());
        key = now.key;
        say('');
        show(now.rows);
      }
    } catch (_unreachable) {
      say('away');
    }
    clearTimeout(timer);
    looking = false;
  }

  /** @param {string} what @param {string} meetingId */
  const cell = (what, meetingId) =>
    /** @type {HTMLElement | null} */ (
      document.querySelector(`[data-live=${what}][data-meeting="${meetingId}"]`)
    );

  /** @param {Row[]} rows */
  function show(rows) {
    /** @type {string[]} */
    const begun = [];
    for (const { meetingId, state, now, waits: isWaiting } of rows) {
      const [stateCell, nowCell] = [cell('state', meetingId), cell('now', meetingId)];
      if (!stateCell || !nowCell) continue;
      // What one is about to press stays where it is.
      if (stateCell.innerHTML !== state && !stateCell.contains(document.activeElement))
        stateCell.innerHTML = state;
      if (nowCell.innerHTML !== now && !nowCell.contains(document.activeElement)) nowCell.innerHTML = now;
      if (isWaiting && !nowCell.dataset.waits) begun.push(nowCell.dataset.time || '');
      if (isWaiting) nowCell.dataset.waits = 'yes';
      else delete nowCell.dataset.waits;
    }
    const shown = document.querySelectorAll('[data-live=state]').length;
    const isSame = shown === rows.length && rows.every(({ meetingId }) => cell('state', meetingId) !== null);
    // Rows do not move under one's hand: the new list comes at a press.
    if (!isSame) say('changed');
    else if (begun.length > 0) say('waits', `${waits} ${begun.join(', ')}.`);
  }

  function pause() {
    clearTimeout(nextTry);
    if (source) source.close();
    source = null;
  }

  /** @param {number} ms */
  function again(ms) {
    clearTimeout(nextTry);
    if (!isLoggedOut && !document.hidden) nextTry = setTimeout(listen, ms);
  }

  function listen() {
    pause();
    if (document.hidden || isLoggedOut) return;
    if (!('EventSource' in window)) {
      void look().then(() => again(POLL_MS));
      return;
    }
    const opened = new EventSource(`${path}/events${query}`);
    source = opened;
    opened.onmessage = ({ data }) => {
      failures = 0;
      if (String(data) !== key) void look();
    };
    opened.onerror = () => {
      pause();
      const ms = TRY_AGAIN_MS[Math.min(failures, TRY_AGAIN_MS.length - 1)] || POLL_MS;
      failures += 1;
      // Not all at once, after a server has gone.
      void look().then(() => again(ms * (0.75 + Math.random() / 2)));
    };
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) pause();
    else listen();
  });
  // A new login in another window.
  document.addEventListener('desk-open', () => {
    if (!isLoggedOut) return;
    isLoggedOut = false;
    say('');
    listen();
  });
  window.addEventListener('pagehide', pause);
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  listen();
})();
