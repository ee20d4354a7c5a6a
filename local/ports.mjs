import { once } from 'node:events';
import { createServer } from 'node:net';
import { Problem } from './checks.mjs';
import { setting } from './paths.mjs';

const triesAfterPreferred = 200;

/** Somebody may listen on one of these alone, and a browser that is sent to `localhost` may try any. */
const hosts = ['127.0.0.1', '0.0.0.0', '::1', '::'];

/**
 * @param {number} preferred
 * @param {ReadonlySet<number>} [reserved] ports that are meant for something else
 * @param {import('./port-claims.mjs').PortClaims} [claims] holds it against other launchers until something listens on it
 * @returns {Promise<number>} the preferred port if it is free, otherwise the next free one
 */
export async function freePort(preferred, reserved = new Set(), claims) {
  for (let port = preferred; port <= preferred + triesAfterPreferred; port++) {
    if (port !== preferred && reserved.has(port)) continue;
    if (claims && !claims.claim(port)) continue;
    if (await isFree(port)) return port;
    claims?.release(port);
  }
  throw new Problem(`No free port from ${preferred} to ${preferred + triesAfterPreferred}.`);
}

/**
 * @template {string} Name
 * @param {Record<Name, number>} preferred
 * @param {import('./port-claims.mjs').PortClaims} claims holds them against others of this machine, also while a server that is
 *   started again does not listen
 * @returns {Promise<Record<Name, number>>} for each the preferred port if it is free, otherwise the next free one that none of the others prefers
 */
export async function freePorts(preferred, claims) {
  const ports = { ...preferred };
  const reserved = new Set(Object.values(preferred));
  for (const name of /** @type {Name[]} */ (Object.keys(preferred))) {
    ports[name] = await freePort(preferred[name], reserved, claims);
    reserved.add(ports[name]);
  }
  return ports;
}

/**
 * A port that the environment names is a wish that is kept or refused, never moved.
 * @param {string} name of the variable
 * @param {import('./port-claims.mjs').PortClaims} claims
 * @returns {Promise<number | undefined>}
 */
export async function portFromSetting(name, claims) {
  const value = setting(name);
  if (value === undefined) return undefined;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Problem(`${name}=${value} is not a port.`);
  const isOurs = claims.claim(port);
  if (!isOurs || !(await isFree(port))) {
    if (isOurs) claims.release(port);
    throw new Problem(
      `Port ${port} (set by ${name}) is in use.`,
      `Free it, or set another ${name}, or none.`,
    );
  }
  return port;
}

/** @param {number} port */
async function isFree(port) {
  for (const host of hosts) {
    if (!(await canListen(host, port))) return false;
  }
  return true;
}

/** @param {string} host @param {number} port */
async function canListen(host, port) {
  const server = createServer().listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    // A machine without IPv6 has nobody listening on it.
    return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(
      /** @type {NodeJS.ErrnoException} */ (error).code ?? '',
    );
  }
  server.close();
  await once(server, 'close');
  return true;
}
