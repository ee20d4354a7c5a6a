// Runs a TypeScript file as a process of its own, compiled as Jest compiles it: `node run-typescript.mjs
// FILE`.
import { transformFileSync } from '@swc/core';
import Module from 'node:module';

const extensions = /** @type {any} */ (Module)._extensions;
extensions['.ts'] = (/** @type {any} */ module, /** @type {string} */ file) => {
  const { code } = transformFileSync(file, {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  });
  module._compile(code, file);
};

const [, , file = ''] = process.argv;
Module.createRequire(import.meta.url)(file);
