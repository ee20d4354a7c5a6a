import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** Of an IPv6 address so much is one customer's: whoever has one address of it has them all. */
const IPV6_NETWORK_BITS = 56;

/**
 * Removes the port that some gateways write behind an address in X-Forwarded-For (`203.0.113.7:50001`,
 * `[2001:db8::1]:443`). It differs for each connection, so no limit by address would see the same one twice.
 * It is removed before anybody reads the header.
 */
export const withoutPorts: RequestHandler = (request, _response, next) => {
  const forwarded = request.headers['x-forwarded-for'];
  if (forwarded !== undefined)
    request.headers['x-forwarded-for'] = [forwarded].flat().join(',').split(',').map(addressIn).join(', ');
  next();
};

/** The address in one entry of X-Forwarded-For; what is none stays as it is. */
export function addressIn(entry: string): string {
  const plain = entry.trim().replace(/^"(.*)"$/, '$1');
  const bracketed = /^\[([0-9a-f:.]+)(?:%[^\]]*)?\](?::\d{1,5})?$/i.exec(plain)?.[1];
  if (bracketed !== undefined) return bracketed;
  return /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(plain)?.[1] ?? plain;
}

/** What limits by address count by. */
export const addressKey = (request: Request): string => ipKeyGenerator(request.ip ?? '', IPV6_NETWORK_BITS);
