import type { RequestHandler } from 'express';
import { packedFile, versioned } from '../packed';
import { readAsset } from '../pages/asset';

/** The scripts of patients' pages: each page works without its own, but for the device test and the call. */
const names = [
  'device',
  'form',
  'invitation',
  'own-media',
  'preview',
  'room',
  'thread',
  'video-room',
] as const;
type ScriptName = (typeof names)[number];

const scripts = new Map(
  names.map((name) => {
    const content = readAsset(`api/patient/assets/${name}.js`);
    return [name, { content, address: versioned(`/assets/${name}.js`, content) }];
  }),
);

/** A script's address. */
export const scriptAddress = (name: ScriptName): string => scripts.get(name)!.address;

/** What serves them, by their paths. */
export const scriptFiles = (): { path: string; handle: RequestHandler }[] =>
  names.map((name) => ({
    path: `/assets/${name}.js`,
    handle: packedFile('js', scripts.get(name)!.content),
  }));
