/**
 * What the patients' pages add to the shared stylesheet: room for a thumb, and nothing that a narrow screen
 * has to scroll sideways for.
 */
export const patientStyle = `
.skip-link { position: absolute; left: -999rem; }
.skip-link:focus { position: static; display: inline-block; padding: 0.5rem 1rem; }
body > .container { max-width: 50rem; }
body > main.container:has(#call:not([hidden])) { max-width: none; }
.patient-header { padding-block: 0.75rem; }
.patient-header .service { margin: 0; font-weight: 700; }
.patient-header nav ul { flex-wrap: wrap; margin: 0; }
.patient-header nav li { padding-block: 0.25rem; }
body > main { padding-block: 0.5rem; }
body { overflow-wrap: anywhere; hyphens: auto; }
a[href^='tel:'] { white-space: nowrap; }
summary { padding-block: 0.5rem; }
main li { margin-block: 0.5rem; }
:is(main, footer, header) :is(li, p) > a { padding-block: 0.25rem; }
/* Pico's own has too little contrast with white where it is pointed at. */
@media (prefers-color-scheme: dark) { :root:not([data-theme]) { --pico-primary-hover-background: #0172ad; } }
footer h2 { font-size: 1.1rem; margin-block-end: 0.5rem; }
footer form { max-width: 20rem; }
:is(a, button, input, select, textarea, summary):focus-visible, .question input[type='date']:focus-within { outline: 3px solid currentColor; outline-offset: 2px; }
.problems { border: 2px solid currentColor; border-radius: 0.5rem; padding: 1rem; margin-block: 1rem; }
.problem { font-weight: 700; margin-block: 0.25rem; }
.problem::before { content: '⚠ '; }
.question { margin-block: 0 1.5rem; }
.question > label, .question > legend { font-weight: 700; margin-block-end: 0.25rem; }
.question .optional { font-weight: 400; }
.question small { display: block; margin-block: 0.25rem; color: inherit; }
.choices { display: flex; flex-direction: column; gap: 0.25rem; }
.choices label { display: flex; align-items: center; min-height: 2.75rem; margin: 0; }
.in-row .choices { flex-direction: row; flex-wrap: wrap; }
.in-row .choices label { flex-direction: column; justify-content: center; min-width: 2.75rem; }
.in-row .choices input { margin: 0; }
#saved { min-height: 3.5rem; }
#saved:focus { outline: none; }
dl dt { font-weight: 700; }
dl dd { margin-inline-start: 0; white-space: pre-line; }
video { display: block; width: 100%; max-width: 24rem; border-radius: 0.5rem; margin-block-end: 1rem; background: #000; }
meter { display: block; width: 100%; max-width: 24rem; height: 1.5rem; }
.countdown { font-size: 2rem; font-weight: 700; font-variant-numeric: tabular-nums; }
.way { font-size: 1.25rem; font-weight: 700; }
@media (scripting: none) { .scripted { display: none; } }
#call:not([hidden]) ~ * .waiting { display: none; }
/* Where the room does not answer, the button that tells the clinic stands there. */
:is(#failed, #out):not([hidden]) ~ * .elsewhere { display: none; }
#call { width: 100%; height: 80vh; min-height: 20rem; }
#call iframe { width: 100%; height: 100%; border: 0; }
.messages { list-style: none; padding: 0; margin: 0 0 1rem; }
.messages > li { list-style: none; border: 1px solid var(--pico-muted-border-color); border-radius: 0.5rem; padding: 0.75rem; margin-block: 0.75rem; max-width: 40rem; }
.messages > .others { border-inline-start: 0.4rem solid currentColor; margin-inline-end: 1.5rem; }
.messages > .own { margin-inline-start: 1.5rem; background: var(--pico-card-sectioning-background-color); }
.messages p { margin-block-end: 0.5rem; }
.messages .text { white-space: pre-wrap; }
.files, .problem-list { list-style: none; padding: 0; margin: 0; }
.files li, .problem-list li { list-style: none; }
.preview { display: block; max-width: min(100%, 15rem); max-height: 15rem; border-radius: 0.25rem; margin-block-end: 0.25rem; }
.choices .preview { max-height: 5rem; max-width: 40%; margin: 0 0.5rem; }
.emergency { border: 2px solid currentColor; border-radius: 0.5rem; padding: 0.75rem; }
@media (scripting: enabled) { .unscripted { display: none; } }
#attach-hint, #attached p { margin-block-end: 0.75rem; }
.camera label { font-weight: 700; margin-block-end: 0.25rem; }
#thread-said { font-weight: 700; }
@media not (pointer: coarse) { .camera { display: none; } }
#thread-said:focus, #written:focus { outline: none; }
#chat #messages { max-height: 40vh; overflow-y: auto; }
#chat > summary { font-size: 1.25rem; font-weight: 700; line-height: 1.3; color: inherit; }
#chat :is(#messages-title, #write-title) { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (min-width: 64rem) {
  .in-call #room { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); column-gap: 1rem; }
  .in-call #room > * { grid-column: 1 / -1; }
  .in-call #call { grid-column: 1; grid-row: 3; }
  .in-call #chat #messages { max-height: 25vh; }
  .in-call #chat { grid-column: 2; grid-row: 3; max-height: 80vh; overflow-y: auto; }
}
`;
