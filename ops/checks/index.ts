import type { Connections } from '../connections';
import { canOpenWhatIsStored } from './keys';
import { clockAgrees, databaseIsReplicaSet } from './database';
import { noMeetingIsLeft } from './ended';
import { addressesAnswer, reportsAreTaken } from './evidence';
import { mailServerAnswers, providerKnowsUs } from './outside';
import { attributesAreThere, namespaceIsThere, workersPoll } from './temporal';

/** One thing to look at. */
export interface Check {
  name: string;
  /** What was seen. @throws Error that says what is wrong, and what to do */
  look: (connections: Connections) => Promise<string>;
}

/** In an order in which what fails first explains what fails after it. */
export const checks: Check[] = [
  {
    name: 'configuration',
    look: () => Promise.resolve('every setting of the worker is there and well formed'),
  },
  { name: 'Temporal', look: namespaceIsThere },
  { name: 'search attributes', look: attributesAreThere },
  { name: 'workers', look: workersPoll },
  { name: 'meetings', look: noMeetingIsLeft },
  { name: 'MongoDB', look: databaseIsReplicaSet },
  { name: 'clock', look: clockAgrees },
  { name: 'keys', look: canOpenWhatIsStored },
  { name: '46elks', look: providerKnowsUs },
  { name: 'mail server', look: mailServerAnswers },
  { name: 'public addresses', look: addressesAnswer },
  { name: 'Jitsi’s reports', look: reportsAreTaken },
];
