import { Buffer } from 'node:buffer';

// In the place of files/picture-process.mjs: does with a picture what its text says.
process.on('message', (/** @type {{ id: number, content: Uint8Array }} */ { id, content }) => {
  const answer = (/** @type {string} */ text) =>
    process.send?.({ id, made: { content: Buffer.from(text), preview: Buffer.from('small') } });
  const what = Buffer.from(content).toString();
  if (what === 'die') process.abort();
  else if (what === 'hang') for (;;);
  else if (what === 'eat') {
    const eaten = [];
    for (;;) eaten.push(Buffer.alloc(50_000_000, 1));
  } else if (what === 'once') setTimeout(answer, 1_000, 'x');
  else answer(what === 'env' ? JSON.stringify(process.env) : 'made');
});
process.on('disconnect', () => process.exit(0));
