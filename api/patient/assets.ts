import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { packedFile } from '../packed';
import { readAsset } from '../pages/asset';

/** The scripts of patients' pages: each page works without its own, but for the device test and the call. */
const names = ['device', 'form', 'invitation', 'room', 'thread'] as const;
type ScriptName = (typeof names)[number];

const scripts = new Map(
  names.map((name) => {
    const content = readAsset(`api/patient/assets/${name}.js`);
    const version = createHash('sha256').update(content).digest('base64url').slice(0, 8);
    return [name, { content, address: `/assets/${name}.js?${version}` }];
  }),
);

/** A script's address; another one for another content, so that no page runs with the script of an earlier release. */
export const scriptAddress = (name: ScriptName): string => scripts.get(name)!.address;

/** What serves them, by their paths. */
export const scriptFiles = (): { path: string; handle: RequestHandler }[] =>
  names.map((name) => ({
    path: `/assets/${name}.js`,
    handle: packedFile('js', scripts.get(name)!.content),
  }));
