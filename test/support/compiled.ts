import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformFileSync, type Options } from '@swc/core';
import config from '../../jest.config.mjs';

const root = path.join(__dirname, '..', '..');
const notOurs = new Set(['node_modules', 'dist', 'coverage', 'test']);

/**
 * Compiles the service for tests that run its processes: as Jest compiles it, into a folder of its own below
 * the checkout, where its packages are found.
 *
 * @returns the folder, which the caller removes
 */
export function compileService(): string {
  const parent = path.join(root, '.vardmote', 'test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'compiled-'));
  const [[, options]] = Object.values(config.transform as Record<string, [string, Options]>) as [
    [string, Options],
  ];
  for (const file of sources(root)) {
    const { code } = transformFileSync(file, { ...options, swcrc: false });
    const target = path.join(folder, path.relative(root, file)).replace(/\.tsx?$/, '.js');
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, code);
  }
  return folder;
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || notOurs.has(entry.name)) return [];
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(file);
    return /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts') ? [file] : [];
  });
}
