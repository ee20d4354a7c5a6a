'use strict';
/**
 * A desk that nobody uses covers itself (R8.8): what names anybody is taken out of the page, a call goes on.
 * The login is locked too, so that a reload shows nothing. A new login, in a window of its own, opens the page
 * again where one was. One's other tabs are asked whether somebody is there.
 */
(() => {
  const LOOK_MS = 5000;
  const TELL_MS = 5000;

  const found = document.getElementById('lock');
  if (!found) return;
  const panel = found;
  const { path = '', member = '' } = panel.dataset;
  const afterMs = Number(panel.dataset.afterMinutes) * 60000;
  let csrf = panel.dataset.csrf || '';
  let usedAt = Date.now();
  let toldAt = 0;
  let isCovered = false;
  /** Whether the server shows nothing any more: before that, that it is open tells nothing. */
  let isShut = false;
  let asking = false;
  /** The page has found itself without a login, and waits for a new one. */
  let isOut = false;
  let title = document.title;
  const tabs = 'BroadcastChannel' in window ? new window.BroadcastChannel('vardmote-desk') : null;
  /** @param {'used' | 'covered' | 'opened'} what */
  const tell = (what) => {
    if (tabs) tabs.postMessage(what);
  };

  const isOver = () => Date.now() - usedAt >= afterMs;
  const body = document.body;

  function use() {
    if (isCovered) return;
    // After a sleep the first move comes before the clock has been looked at.
    if (isOver()) {
      cover();
      return;
    }
    usedAt = Date.now();
    if (usedAt - toldAt < TELL_MS) return;
    toldAt = usedAt;
    tell('used');
  }

  function cover() {
    if (isCovered) return;
    isCovered = true;
    isShut = false;
    title = document.title;
    document.title = panel.dataset.title || '';
    panel.hidden = false;
    const call = document.getElementById('lock-call');
    const inCall = body.classList.contains('in-call');
    if (call) call.hidden = !inCall;
    body.classList.add('locked');
    // Who talks in the room's frame is not called away from it.
    const heading = document.getElementById('lock-title');
    if (heading && !inCall) heading.focus();
    tell('covered');
    void shut();
  }

  async function shut() {
    if (asking || isShut) return;
    asking = true;
    try {
      const response = await fetch(path, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ csrf }),
      });
      // Without a login there is nothing to lock; with another one it is that one’s to be locked.
      if ((response.ok && !response.redirected) || response.status === 401) isShut = true;
      else if (response.status === 403) await readState();
    } catch (_unreachable) {
      // Tried again soon.
    }
    asking = false;
  }

  /** @returns {Promise<{ locked: boolean, member: string } | null>} null where nobody has logged in */
  async function readState() {
    const response = await fetch(path, { headers: { accept: 'application/json' } });
    if (!response.ok) return null;
    const state = /** @type {{ locked: boolean, member: string, csrf: string }} */ (await response.json());
    csrf = state.csrf;
    return state;
  }

  /** Opens the page again where the same person has logged in anew. */
  async function look() {
    if (!isCovered || asking) return;
    if (!isShut) {
      await shut();
      return;
    }
    asking = true;
    try {
      const state = await readState();
      if (state && !state.locked) {
        if (state.member === member) open();
        // Somebody else's desk by now; a call is left to the one who is in it.
        else if (!body.classList.contains('in-call')) location.reload();
      }
    } catch (_unreachable) {
      // Asked again soon.
    }
    asking = false;
  }

  function open() {
    isCovered = false;
    usedAt = Date.now();
    body.classList.remove('locked');
    panel.hidden = true;
    document.title = title;
    goOn();
    const main = document.getElementById('main');
    if (main && !body.classList.contains('in-call')) main.focus();
  }

  /** The page goes on with the login that there is now. */
  function goOn() {
    isOut = false;
    // The forms of the page are this login's from now.
    for (const field of Array.from(document.querySelectorAll('[name=csrf]')))
      /** @type {HTMLInputElement} */ (field).value = csrf;
    document.dispatchEvent(new CustomEvent('desk-open'));
  }

  /** Somebody has logged in elsewhere: a page that waits for that goes on, if it is the same person. */
  async function lookForLogin() {
    if (!isOut || isCovered) return;
    const state = await readState().catch(() => null);
    if (state && !state.locked && state.member === member) goOn();
  }

  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus', 'blur'])
    window.addEventListener(sign, use, { passive: true, capture: true });
  if (tabs)
    tabs.onmessage = ({ data }) => {
      if (data === 'used' && !isCovered) usedAt = Date.now();
      if (data === 'covered') cover();
      if (data === 'opened') {
        void look();
        void lookForLogin();
      }
    };
  setInterval(() => {
    if (!isCovered && isOver()) cover();
    void look();
  }, LOOK_MS);
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) return;
    void look();
    void lookForLogin();
  });
  document.addEventListener('logged-out', () => {
    isOut = true;
  });
  // This page was shown: whoever was locked out may be back.
  tell('opened');
})();
