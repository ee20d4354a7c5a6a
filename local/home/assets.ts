/** The home page's own style, on top of the stylesheet of all pages and the outbox's. */
export const homeStyle = `
body > header { padding-block-end: 0; }
body > header > p { max-width: 45rem; color: var(--muted); }
body > header form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-block: 1rem; }
body > header form [type='submit'] { width: auto; margin: 0; }
body > header form small { flex: 1 1 16rem; }
nav li { padding: 0 1rem 0 0; }
nav ul { flex-wrap: wrap; gap: .25rem 0; }
nav ul:first-child, nav ul:last-of-type { margin-inline: 0; }
.meeting-state { color: var(--primary); }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 1fr) 20rem; } }
.muted, .timeline time { color: var(--muted); font-variant-numeric: tabular-nums; }
.said:empty { display: none; }
.said { border-inline-start: .25rem solid var(--primary); padding-inline-start: .75rem; }
.said:focus { outline: none; }
.people { display: grid; grid-template-columns: minmax(0, 1fr); gap: .25rem 1rem; margin-block-end: 1rem; }
@media (min-width: 36rem) { .people { grid-template-columns: max-content minmax(0, 1fr); } }
.people > strong { min-width: 4.5rem; padding-block: .4rem; }
.acts { display: flex; flex-wrap: wrap; gap: .5rem; }
.acts form { margin: 0; }
.acts [type='submit'] { width: auto; margin: 0; padding: .4rem .8rem; }
.people > div { display: flex; flex-wrap: wrap; gap: .5rem; }
.people form { margin: 0; }
.people [type='submit'] { width: auto; margin: 0; padding: .4rem .8rem; border-radius: var(--radius); }
main section { margin-block-end: 1.5rem; }
main > details { margin-block-start: 1rem; }
.timeline { padding-inline-start: 0; }
.timeline li { list-style: none; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; }
`;

/**
 * Fetches the page again while somebody looks at it, less often when the meeting is over, and takes over what
 * differs: what is unchanged stays in place, and with it focus, scrolling, selection and what is read aloud.
 * A button of the meeting does its work in the same way, so that one stays where one is. Without a script the
 * page works by loading anew.
 */
export const homeScript = `'use strict';
(() => {
  const live = () => document.getElementById('live');

  /** Makes a node the same as the fresh one; children with ids are known by them. */
  function update(known, fresh) {
    if (known.isEqualNode(fresh)) return;
    if (known.nodeName !== fresh.nodeName || known.id !== fresh.id) {
      known.replaceWith(document.adoptNode(fresh));
      return;
    }
    if (known.nodeType === Node.TEXT_NODE) {
      known.data = fresh.data;
      return;
    }
    for (const { name } of Array.from(known.attributes)) if (!fresh.hasAttribute(name)) known.removeAttribute(name);
    for (const { name, value } of fresh.attributes) {
      if (known.getAttribute(name) !== value) known.setAttribute(name, value);
    }
    const items = Array.from(fresh.childNodes);
    const ids = new Set(items.map((item) => item.id));
    for (const child of Array.from(known.children)) if (child.id && !ids.has(child.id)) child.remove();
    items.forEach((item, index) => {
      const child = known.childNodes[index];
      if (!child) known.append(document.adoptNode(item));
      else if (item.id !== child.id && (item.id || child.id)) known.insertBefore(document.adoptNode(item), child);
      else update(child, item);
    });
    while (known.childNodes.length > items.length) known.lastChild.remove();
  }

  /**
   * Shows the meeting as the page says that it is; a page that has none of it (the API is away) changes
   * nothing.
   */
  async function show(response) {
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live');
    if (!fresh || !live()) return;
    const focused = document.activeElement;
    update(live(), fresh);
    // A button that has done its work is gone: go on where it is told what came of it, not at the page's
    // beginning.
    if (!focused.isConnected) live().querySelector('.said').focus({ preventScroll: true });
  }

  async function press(form) {
    try {
      await show(await fetch(form.action, { method: 'POST' }));
    } catch {
      live().querySelector('.said').textContent = 'No answer. Is vardmote still running?';
    }
  }

  /** One after the other, so that no old answer overtakes a new one. */
  let last = Promise.resolve();
  const inTurn = (act) => (last = last.then(act).catch(() => undefined));

  async function refresh() {
    if (live() && !document.hidden) await show(await fetch(location.href));
  }
  async function keepFresh() {
    await inTurn(refresh);
    setTimeout(keepFresh, live()?.dataset.over === 'yes' ? 10_000 : 1_000);
  }

  document.addEventListener('submit', (event) => {
    if (!live()?.contains(event.target)) return;
    event.preventDefault();
    inTurn(() => press(event.target));
  });
  if (live()) keepFresh();
})();
`;
