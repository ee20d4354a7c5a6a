import { liveScript } from '../live';

/** The receiver's own style, on top of the stylesheet of all pages. */
export const receiverStyle = `
body > header { padding-block-end: 0; }
body > header nav { display: block; margin-block-end: 1rem; }
body > header p { max-width: 45rem; color: var(--muted); }
.moods { display: flex; flex-wrap: wrap; gap: .5rem; }
.moods form { margin: 0; }
.moods [type='submit'] { width: auto; margin: 0; padding: .4rem .8rem; }
#meetings:not(:empty) + .nothing { display: none; }
#meetings h2 { font-size: 1.1rem; margin-block-end: .5rem; overflow-wrap: anywhere; }
#meetings ol { padding: 0; margin-block-end: 2rem; }
#meetings li { list-style: none; padding-block: .5rem; border-block-start: 1px solid var(--line); }
#meetings li p { margin: 0; overflow-wrap: anywhere; }
#meetings details { margin: .25rem 0 0; font-size: .85rem; }
.sequence, time { color: var(--muted); font-variant-numeric: tabular-nums; }
.notes { color: var(--muted); font-size: .85rem; }
.holds { color: var(--success); }
.refused { color: var(--danger); font-weight: 600; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem; margin: 0; }
`;

/** The page's script. */
export const receiverScript = liveScript(
  'live',
  `
  const meetings = document.getElementById('meetings');

  function updateMeeting(meeting, fresh) {
    merge(meeting.querySelector('ol'), fresh.querySelector('ol'), updateEvent);
  }

  /** Of an event only what is noted of it changes. */
  function updateEvent(event, fresh) {
    const notes = event.querySelector('.notes');
    const freshNotes = fresh.querySelector('.notes');
    if (notes.innerHTML !== freshNotes.innerHTML) notes.replaceChildren(...freshNotes.childNodes);
  }

  function takeOver(fresh) {
    merge(meetings, fresh.getElementById('meetings'), updateMeeting);
  }
`,
);
