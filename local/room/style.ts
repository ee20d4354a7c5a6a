/** The look of the stand-in's room. */
export const roomStyle = `
:root { color-scheme: dark; }
body { margin: 0; min-height: 100vh; background: #101418; color: #f4f6f8; font: 1rem/1.5 system-ui, sans-serif; }
main { display: flex; flex-direction: column; gap: .75rem; max-width: 40rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.1rem; margin: 0; }
p { margin: 0; }
video { display: block; width: 100%; max-height: 45vh; border-radius: .5rem; background: #000; transform: scaleX(-1); }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 2px solid #9fb3c8; border-radius: .5rem;
  background: #1d2731; color: inherit; }
button:focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }
button[aria-pressed=true] { background: #7a1f1f; }
#controls, #prejoin { display: flex; flex-wrap: wrap; gap: .5rem; }
[hidden] { display: none !important; }
ul { margin: 0; padding-left: 1.25rem; }
small { color: #c3cfdb; }
`;
