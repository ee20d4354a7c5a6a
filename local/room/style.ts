/** The look of the stand-in's room. */
export const roomStyle = `
:root { color-scheme: dark; }
body { margin: 0; min-height: 100vh; background: #101418; color: #f4f6f8; font: 1rem/1.5 system-ui, sans-serif; }
main { display: flex; flex-direction: column; gap: .75rem; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1, h2 { font-size: 1.1rem; margin: 0; }
p { margin: 0; }
video { display: block; width: 100%; height: 100%; object-fit: contain; }
.mirrored { transform: scaleX(-1); }
.tile { position: relative; overflow: hidden; margin: 0; width: 100%; aspect-ratio: 4/3; max-height: 55vh;
  border-radius: .5rem; background: #1d2731; }
.instead { position: absolute; inset: 0; display: grid; place-content: center; padding: 1rem; text-align: center;
  background: #1d2731; }
.plate { position: absolute; left: 0; bottom: 0; max-width: 100%; padding: .25rem .5rem; background: #101418; }
.plate:empty { display: none; }
.with-others .tile { max-height: 70vh; }
.with-others #own { position: absolute; z-index: 1; top: .5rem; right: .5rem; width: 9rem; border: 2px solid #101418; }
.with-others :is(h1, h2, #state, #told) { padding-right: 9rem; }
.with-others #own .plate { padding: .1rem .3rem; font-size: .75rem; line-height: 1.3; }
button { font: inherit; min-height: 2.75rem; padding: .5rem 1rem; border: 2px solid #9fb3c8; border-radius: .5rem;
  background: #1d2731; color: inherit; }
button:focus-visible { outline: 3px solid #ffd166; outline-offset: 2px; }
button[aria-pressed=true] { background: #7a1f1f; }
#controls, #prejoin { display: flex; flex-wrap: wrap; gap: .5rem; }
#people { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(16rem, 100%), 1fr)); gap: .5rem; margin: 0;
  padding: 0; list-style: none; }
[hidden] { display: none !important; }
small { color: #c3cfdb; }
`;
