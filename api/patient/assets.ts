import { scriptFilesIn } from '../frame/script-files';

/** The scripts of patients' pages: each page works without its own, but for the device test and the call. */
const scripts = scriptFilesIn('api/patient/assets', '', [
  'device',
  'form',
  'invitation',
  'own-media',
  'preview',
  'room',
  'thread',
  'video-room',
]);

/** A script's address. */
export const scriptAddress = scripts.addressOf;

/** What serves them, by their paths. */
export const scriptFiles = (): (typeof scripts)['files'] => scripts.files;
