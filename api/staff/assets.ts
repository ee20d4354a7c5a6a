import { scriptFilesIn } from '../frame/script-files';

/** The scripts of the desk: each page works without its own, but for the call and the lock. */
const scripts = scriptFilesIn('api/staff/assets', 'desk-', ['live-list', 'lock', 'minutes', 'room', 'today']);

/** A script's address. */
export const deskScript = scripts.addressOf;

/** What serves them, by their paths. */
export const deskScriptFiles = scripts.files;
