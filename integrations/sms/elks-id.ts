import { z } from 'zod';

/**
 * By which 46elks knows a message. Beginning with a letter, so that an odd answer cannot pass off a phone
 * number as one.
 */
export const elksId = z.string().regex(/^[A-Za-z][A-Za-z0-9]{5,63}$/);
