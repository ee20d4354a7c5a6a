import type { RequestHandler } from 'express';

/**
 * Answers with a stream of server-sent events that says only that something is new; the page then fetches
 * itself.
 */
export const tellOfChanges =
  (subscribe: (listener: () => void) => () => void): RequestHandler =>
  (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': listening\n\n');
    const unsubscribe = subscribe(() => response.write('data: changed\n\n'));
    request.on('close', unsubscribe);
  };

/**
 * The script of a page that follows what comes, served as it stands: when the server says that something is new, the page is fetched again
 * and what differs is taken over. What is unchanged stays in place, and with it focus, scrolling and what is unfolded.
 *
 * @param stream - where {@link tellOfChanges} answers, beside the script
 * @param takeOver - JavaScript that defines `takeOver(fresh)`, of the fresh document; it has `merge(list, freshList, update)`
 */
export const liveScript = (stream: string, takeOver: string): string => `'use strict';
(() => {
  const streamUrl = new URL('${stream}', document.currentScript.src);

  /** Makes the items of a list those of the fresh one, in its order; items are known by their ids. */
  function merge(list, freshList, update) {
    const freshIds = new Set(Array.from(freshList.children, (item) => item.id));
    for (const item of Array.from(list.children)) if (!freshIds.has(item.id)) item.remove();
    Array.from(freshList.children).forEach((freshItem, index) => {
      const known = document.getElementById(freshItem.id);
      if (known) update(known, freshItem);
      const item = known ?? document.adoptNode(freshItem);
      if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    });
  }
${takeOver}
  async function refresh() {
    const response = await fetch(location.pathname);
    if (!response.ok) return;
    takeOver(new DOMParser().parseFromString(await response.text(), 'text/html'));
  }

  /** Many at once are one refresh, and refreshes do not overtake each other. */
  let refreshing = Promise.resolve();
  let isDue = false;
  function refreshSoon() {
    if (isDue) return;
    isDue = true;
    setTimeout(() => {
      isDue = false;
      // A server that is away is no matter: when it is back, the events begin again.
      refreshing = refreshing.then(refresh).catch(() => undefined);
    }, 100);
  }

  /**
   * Only a page that is seen listens: a browser holds few connections to a server, and there may be many
   * tabs.
   */
  let events = null;
  function listenWhileSeen() {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource(streamUrl);
      events.onopen = refreshSoon;
      events.onmessage = refreshSoon;
    }
  }

  document.addEventListener('visibilitychange', listenWhileSeen);
  listenWhileSeen();
})();
`;
