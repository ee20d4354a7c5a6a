import { parseKeyRing } from '../../platform/keys/key-ring';

/** Keys for tests alone, the same each time: kept histories were encrypted with them. */
const testKey = (letter: string): string => `test-1:${Buffer.alloc(32, letter).toString('base64')}`;

export const testKeys = {
  fieldKeys: parseKeyRing(testKey('f')),
  hashKeys: parseKeyRing(testKey('h')),
  payloadKeys: parseKeyRing(testKey('p')),
  linkKeys: parseKeyRing(testKey('l').replace('test-1', '1')),
  roomKey: Buffer.alloc(32, 'r'),
  oidcClientSecret: 'oidc-client-secret-of-the-tests',
  jitsiAppSecret: 'jitsi-app-secret-of-the-tests',
  jitsiEventsSecret: 'jitsi-events-secret-of-the-tests',
};
