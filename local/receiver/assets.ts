/** The receiver's own style, on top of Pico's. */
export const receiverStyle = `
body > header { padding-block-end: 0; }
body > header nav { display: block; margin-block-end: 1rem; }
body > header p { max-width: 45rem; color: var(--pico-muted-color); }
.moods { display: flex; flex-wrap: wrap; gap: .5rem; }
.moods form { margin: 0; }
.moods [type='submit'] { width: auto; margin: 0; padding: .4rem .8rem; }
#meetings:not(:empty) + .nothing { display: none; }
#meetings h2 { font-size: 1.1rem; margin-block-end: .5rem; overflow-wrap: anywhere; }
#meetings ol { padding: 0; margin-block-end: 2rem; }
#meetings li { list-style: none; padding-block: .5rem; border-block-start: 1px solid var(--pico-muted-border-color); }
#meetings li p { margin: 0; overflow-wrap: anywhere; }
#meetings details { margin: .25rem 0 0; font-size: .85rem; }
.sequence, time { color: var(--pico-muted-color); font-variant-numeric: tabular-nums; }
.notes { color: var(--pico-muted-color); font-size: .85rem; }
.holds { color: var(--pico-ins-color); }
.refused { color: var(--pico-del-color); font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; margin: 0; }
`;

/**
 * The page's script, served as it stands: when the server says that something has come, the page is fetched again and what
 * differs is taken over; what is unchanged stays, and with it focus, scrolling and what is unfolded.
 */
export const receiverScript = `'use strict';
(() => {
  const liveUrl = new URL('live', document.currentScript.src);
  const meetings = document.getElementById('meetings');

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

  function updateMeeting(meeting, fresh) {
    merge(meeting.querySelector('ol'), fresh.querySelector('ol'), updateEvent);
  }

  /** Of an event only what is noted of it changes. */
  function updateEvent(event, fresh) {
    const notes = event.querySelector('.notes');
    const freshNotes = fresh.querySelector('.notes');
    if (notes.innerHTML !== freshNotes.innerHTML) notes.replaceChildren(...freshNotes.childNodes);
  }

  async function refresh() {
    const response = await fetch(location.pathname);
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    merge(meetings, fresh.getElementById('meetings'), updateMeeting);
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

  /** Only a page that is seen listens: a browser holds few connections to a server, and there may be many tabs. */
  let live = null;
  function listenWhileSeen() {
    if (document.hidden) {
      live?.close();
      live = null;
    } else if (!live) {
      live = new EventSource(liveUrl);
      live.onopen = refreshSoon;
      live.onmessage = refreshSoon;
    }
  }

  document.addEventListener('visibilitychange', listenWhileSeen);
  listenWhileSeen();
})();
`;
