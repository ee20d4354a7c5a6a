import type { Scanner } from '../../files/clamd';

/** Stands in for the malware scanner: it finds what says that it is some. */
export const standInScanner: Scanner = {
  scan: (content) => Promise.resolve(Buffer.from(content).includes('MALWARE') ? 'malware' : 'clean'),
};
