'use strict';
/**
 * A list that lies open: asks now and then whether it would look different, and only then fetches it anew.
 * The question tells nothing of anybody, and keeps no login alive.
 */
(() => {
  const ASK_MS = 15000;
  const ANSWER_MS = 10000;
  const list = document.getElementById('live-list');
  const said = document.getElementById('live-said');
  if (!list) return;
  const { status = '', news = '' } = list.dataset;
  let key = list.dataset.key || '';
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let next;
  let isOver = false;
  let asking = false;

  /** @param {string} which of the words that the page has for it; none where all is well */
  function say(which) {
    if (!said) return;
    for (const words of Array.from(said.querySelectorAll('[data-says]'))) {
      /** @type {HTMLElement} */ (words).hidden = /** @type {HTMLElement} */ (words).dataset.says !== which;
    }
  }

  /** @param {string} address @param {string} accept */
  async function ask(address, accept) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), ANSWER_MS);
    try {
      return await fetch(address, { headers: { accept }, signal: patience.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  async function look() {
    if (asking || isOver) return;
    asking = true;
    try {
      const response = await ask(status, 'application/json');
      if (response.status === 401 || response.status === 403) {
        // Whoever sits here now has to log in, or may not see it any more.
        isOver = true;
        say('logged-out');
      } else if (!response.ok) throw new Error();
      else {
        const now = /** @type {{ key: string }} */ (await response.json());
        say('');
        if (now.key !== key) await renew();
      }
    } catch (_unreachable) {
      say('no-contact');
    }
    asking = false;
    again();
  }

  async function renew() {
    const response = await ask(news, 'text/html');
    if (!response.ok) throw new Error();
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const fresh = page.getElementById('live-list');
    if (!list || !fresh) return;
    // Whoever goes through the rows with the keyboard stays at the same one.
    const at = document.activeElement;
    const href = at && list.contains(at) ? at.getAttribute('href') : null;
    list.innerHTML = fresh.innerHTML;
    key = fresh.dataset.key || '';
    say('new');
    if (href === null) return;
    for (const link of Array.from(list.querySelectorAll('a'))) {
      if (link.getAttribute('href') === href) link.focus();
    }
  }

  function again() {
    clearTimeout(next);
    if (!isOver && !document.hidden) next = setTimeout(() => void look(), ASK_MS);
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) clearTimeout(next);
    else void look();
  });
  // The browser's back button brings the page as it was left.
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
  again();
})();
