/** The home page's own style, on top of Pico's and the outbox's. */
export const homeStyle = `
body > header { padding-block-end: 0; }
body > header > p { max-width: 45rem; color: var(--pico-muted-color); }
body > header form { margin-block: 1rem; }
body > header form [type='submit'] { width: auto; margin: 0 1rem 0 0; }
nav ul:first-child { margin-inline-start: 0; }
nav ul li:first-child { padding-inline-start: 0; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem; }
@media (min-width: 62rem) { .columns { grid-template-columns: minmax(0, 1fr) 20rem; } }
.state { color: var(--pico-primary); }
.muted, .timeline time { color: var(--pico-muted-color); font-variant-numeric: tabular-nums; }
.said:empty { display: none; }
.said { border-inline-start: .25rem solid var(--pico-primary); padding-inline-start: .75rem; }
.people { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-block-end: .75rem; }
.people > strong { min-width: 4rem; }
.people form { margin: 0; }
.people [type='submit'] { width: auto; margin: 0; padding: .4rem .8rem; border-radius: var(--pico-border-radius); }
.timeline { padding-inline-start: 0; }
.timeline li { list-style: none; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; }
`;

/** Fetches the page again while somebody looks at it and the meeting is not over; focus stays where it was. */
export const homeScript = `'use strict';
(() => {
  const live = () => document.getElementById('live');
  async function refresh() {
    const current = live();
    if (!current || document.hidden) return;
    const response = await fetch(location.href);
    if (!response.ok) return;
    const fresh = new DOMParser().parseFromString(await response.text(), 'text/html').getElementById('live');
    if (!fresh) return;
    const said = current.querySelector('.said');
    const freshSaid = fresh.querySelector('.said');
    if (said && freshSaid && said.textContent === freshSaid.textContent) freshSaid.replaceWith(said);
    const focused = document.activeElement?.id;
    current.replaceWith(document.adoptNode(fresh));
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
  setInterval(() => { refresh().catch(() => undefined); }, 1000);
})();
`;
