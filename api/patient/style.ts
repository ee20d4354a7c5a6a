/** What the patients' pages add to the shared stylesheet: room for a thumb, and nothing that a narrow screen has to scroll sideways for. */
export const patientStyle = `
.skip-link { position: absolute; left: -999rem; }
.skip-link:focus { position: static; display: inline-block; padding: 0.5rem 1rem; }
.patient-header { padding-block: 0.75rem; }
.patient-header .service { margin: 0; font-weight: 700; }
.patient-header nav ul { flex-wrap: wrap; margin: 0; }
.patient-header nav li { padding-block: 0.25rem; }
body > main { padding-block: 0.5rem; }
main { overflow-wrap: break-word; }
main li { margin-block: 0.5rem; }
footer h2 { font-size: 1.1rem; margin-block-end: 0.5rem; }
footer form { max-width: 20rem; }
:is(a, button, input, select, textarea):focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
`;
