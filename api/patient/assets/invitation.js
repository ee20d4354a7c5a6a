'use strict';
/** Looks again and again whether staff have decided, and goes on when they have; the words stand in the page that comes then. */
(() => {
  const ASK_MS = 5000;
  /** @param {Document} page */
  const heading = (page) => (page.querySelector('h1') || {}).textContent;

  async function look() {
    try {
      // Approved, it leads to the meeting: the browser goes there itself.
      const response = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' });
      if (response.type === 'opaqueredirect' || response.status === 401) {
        location.reload();
        return;
      }
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
      if (response.ok && heading(fresh) !== heading(document)) {
        location.reload();
        return;
      }
    } catch (_unreachable) {
      // Asked again soon.
    }
    setTimeout(() => void look(), ASK_MS);
  }

  setTimeout(() => void look(), ASK_MS);
})();
