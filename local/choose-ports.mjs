import { Problem } from './checks.mjs';
import { freePort, portFromSetting } from './ports.mjs';
import { say } from './progress.mjs';

/** @type {{ name: keyof import('./environment.mjs').Ports, what: string, preferred: number, variable: string }[]} */
const wishes = [
  { name: 'api', what: 'the API', preferred: 3000, variable: 'PORT' },
  { name: 'local', what: 'the local stand', preferred: 3001, variable: 'LOCAL_PORT' },
  { name: 'mail', what: 'the stand-in of the mail server', preferred: 2525, variable: 'LOCAL_MAIL_PORT' },
  { name: 'temporal', what: 'Temporal', preferred: 7233, variable: 'LOCAL_TEMPORAL_PORT' },
  { name: 'temporalUi', what: "Temporal's Web UI", preferred: 8233, variable: 'LOCAL_TEMPORAL_UI_PORT' },
  { name: 'database', what: 'the database', preferred: 27117, variable: 'LOCAL_DATABASE_PORT' },
];

/**
 * All of them right before anything starts, for the servers are told of each other.
 * @param {import('./port-claims.mjs').PortClaims} claims where all of them are claimed
 * @returns {Promise<import('./environment.mjs').Ports>}
 */
export async function choosePorts(claims) {
  const ports = { api: 0, local: 0, mail: 0, temporal: 0, temporalUi: 0, database: 0 };
  const reserved = new Set(wishes.map((wish) => wish.preferred));
  for (const { name, variable } of wishes) {
    const port = await portFromSetting(variable, claims);
    if (port === undefined) continue;
    const other = wishes.find((wish) => ports[wish.name] === port);
    if (other)
      throw new Problem(`${variable}=${port} is the port of ${other.variable}, too.`, 'Set another.');
    ports[name] = port;
    reserved.add(port);
  }
  for (const { name, what, preferred } of wishes) {
    if (ports[name] !== 0) continue;
    const wanted = Object.values(ports).includes(preferred) ? preferred + 1 : preferred;
    ports[name] = await freePort(wanted, reserved, claims);
    reserved.add(ports[name]);
    if (ports[name] !== preferred) say(`Port ${preferred} is in use: ${what} takes ${ports[name]}.`);
  }
  return ports;
}
