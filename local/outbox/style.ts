/**
 * The own style of the outbox and the mailboxes, on top of the stylesheet of all pages, whose colours it takes for light and dark.
 */
export const outboxStyle = `
body > header {
  padding-block-end: 0;
}

body > header nav {
  display: block;
  margin-block-end: 1rem;
}

body > header p {
  max-width: 45rem;
  color: var(--muted);
}

.faults {
  margin-block-end: 1.5rem;
}

.faults p {
  margin-block-end: 0.5rem;
  color: var(--muted);
}

.faults .misbehaves {
  color: inherit;
}

.fault-buttons {
  display: flex;
  flex-wrap: wrap;
  gap: 0.5rem;
  margin: 0 0 0.5rem;
}

.fault-buttons button {
  width: auto;
  margin: 0;
  padding: 0.25rem 0.75rem;
  font-size: 0.9rem;
}

.phones {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr));
  gap: 1.5rem;
  margin: 0;
  padding: 0;
}

.phones li {
  margin: 0;
  list-style: none;
}

.phones:not(:empty) + .nothing {
  display: none;
}

.phone {
  display: flex;
  flex-direction: column;
  width: 100%;
  max-width: 24rem;
  height: 30rem;
  justify-self: center;
  overflow: hidden;
  border: 0.5rem solid var(--outbox-frame);
  border-radius: 2.25rem;
  background: var(--surface);
  box-shadow: var(--shadow);
}

.phone h2 {
  margin: 0;
  padding: 1rem;
  border-block-end: 1px solid var(--line);
  font-size: 1.05rem;
  text-align: center;
  font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere;
}

/* Laid out from the end, so that it stands at the newest SMS without a script. */
.screen {
  display: flex;
  flex: 1;
  flex-direction: column-reverse;
  overflow-y: auto;
  overscroll-behavior: contain;
  font-size: 0.9em;
  border-radius: 0 0 1.75rem 1.75rem;
}

.screen:focus-visible {
  outline: 3px solid var(--primary);
  outline-offset: -4px;
}

.screen ol {
  margin: 0 0 auto;
  padding: 1rem;
}

.screen li + li {
  margin-block-start: 1.25rem;
}

.screen p {
  margin: 0;
}

.small {
  padding-inline: 0.75rem;
  color: var(--muted);
  font-size: 0.8rem;
}

.bubble {
  width: fit-content;
  max-width: 92%;
  margin-block: 0.25rem !important;
  padding: 0.6rem 0.9rem;
  border-radius: 1.1rem 1.1rem 1.1rem 0.3rem;
  background: var(--outbox-bubble);
  color: var(--ink);
  line-height: 1.4;
  overflow-wrap: anywhere;
  white-space: pre-wrap;
}

.bubble strong {
  display: block;
}

.state span {
  font-weight: 600;
}

.state .delivered {
  color: var(--success);
}

.state .failed {
  color: var(--danger);
}

:root {
  --outbox-frame: #2b3340;
  --outbox-bubble: #eef1f5;
}

/* One under the other, phones with little to show stay short. */
@media (width < 40rem) {
  .phone {
    height: auto;
    max-height: 30rem;
  }
}

@media (prefers-color-scheme: dark) {
  :root {
    --outbox-frame: #3b4556;
    --outbox-bubble: #2c3747;
  }
}
`;
