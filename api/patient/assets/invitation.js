'use strict';
/**
 * Looks again and again whether staff have decided, and goes on when they have; the words stand in the page
 * that comes then.
 */
(() => {
  const ASK_MS = 5000;
  /** Staff may take a day: who has waited this long is told a little later. */
  const ASK_LATER_MS = 20000;
  const LONG_MS = 300000;
  const begun = Date.now();
  /** By the page's own word: its text may have been translated by the browser. @param {Document} page */
  const stateOf = (page) => {
    const place = page.getElementById('invitation');
    return place ? place.dataset.state : undefined;
  };

  async function look() {
    try {
      // Approved, it leads to the meeting: the browser goes there itself.
      const response = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' });
      if (response.type === 'opaqueredirect' || response.status === 401) {
        location.reload();
        return;
      }
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (response.ok && stateOf(fresh) !== stateOf(document)) {
        location.reload();
        return;
      }
    } catch (_unreachable) {
      // Asked again soon.
    }
    setTimeout(() => void look(), Date.now() - begun > LONG_MS ? ASK_LATER_MS : ASK_MS);
  }

  setTimeout(() => void look(), ASK_MS);
})();
