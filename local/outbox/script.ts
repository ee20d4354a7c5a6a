/**
 * The page's script, served as it stands: when the server says that something is new, the page is fetched again and
 * what differs is taken over. What is unchanged stays in place, and with it focus, scrolling and what is read aloud.
 */
export const outboxScript = `'use strict';
(() => {
  const eventsUrl = new URL('events', document.currentScript.src);
  const phones = document.getElementById('phones');
  const faults = document.getElementById('faults');

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

  function updatePhone(phone, freshPhone) {
    merge(phone.querySelector('ol'), freshPhone.querySelector('ol'), updateSms);
  }

  /** An SMS never changes, but what is said of it does; of an e-mail nothing is. */
  function updateSms(sms, freshSms) {
    const state = sms.querySelector('.state');
    const freshState = freshSms.querySelector('.state');
    if (state && state.innerHTML !== freshState.innerHTML) state.replaceChildren(...freshState.childNodes);
  }

  async function refresh() {
    const response = await fetch(location.pathname);
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
    const focused = document.activeElement;
    merge(phones, fresh.getElementById('phones'), updatePhone);
    const freshFaults = fresh.getElementById('faults');
    if (faults) freshFaults.querySelector('details').open = faults.querySelector('details').open;
    if (faults && faults.innerHTML !== freshFaults.innerHTML) faults.replaceChildren(...freshFaults.childNodes);
    // A phone that moved to the front has lost it, and so has a button that was made anew.
    const wanted = focused.isConnected ? focused : document.getElementById(focused.id);
    if (wanted && document.activeElement !== wanted) wanted.focus({ preventScroll: true });
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
  let events = null;
  function listenWhileSeen() {
    if (document.hidden) {
      events?.close();
      events = null;
    } else if (!events) {
      events = new EventSource(eventsUrl);
      events.onopen = refreshSoon;
      events.onmessage = refreshSoon;
    }
  }

  document.addEventListener('visibilitychange', listenWhileSeen);
  listenWhileSeen();
})();
`;
