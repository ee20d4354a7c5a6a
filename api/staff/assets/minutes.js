'use strict';
/** Counts the minutes on that a page shows: since when stands beside each of them. */
(() => {
  const STEP_MS = 15000;
  setInterval(() => {
    for (const each of Array.from(document.querySelectorAll('[data-minutes-since]'))) {
      const place = /** @type {HTMLElement} */ (each);
      const since = Date.parse(place.dataset.minutesSince || '');
      if (since) place.textContent = String(Math.max(0, Math.floor((Date.now() - since) / 60000)));
    }
  }, STEP_MS);
})();
