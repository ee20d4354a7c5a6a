import { randomBytes } from 'node:crypto';

/** An opaque id of 128 random bits, 22 characters that fit into an address. */
export const randomId = (): string => randomBytes(16).toString('base64url');

/**
 * An id of 128 random bits behind the instant: rows that are written one after the other stand beside each
 * other in the index of their ids. Not for what is shown: it tells when it was made.
 */
export const idInOrder = (at: Date): string => `${at.getTime().toString(16).padStart(12, '0')}${randomId()}`;

/** A secret of 256 random bits, 43 characters that fit into an address. */
export const randomSecret = (): string => randomBytes(32).toString('base64url');

/** Where between 0 and 1 (never 1 itself) a random id falls: always the same for one id, evenly over many. */
export const fractionOf = (id: string): number => Buffer.from(id, 'base64url').readUInt32BE() / 2 ** 32;
