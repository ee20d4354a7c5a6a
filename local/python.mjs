import { Problem } from './checks.mjs';
import { runCommand } from './commands.mjs';
import { findOnPath } from './paths.mjs';

const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const question = 'import sys; print("%d.%d" % sys.version_info[:2])';
const leastMinor = 10;
const greatestMinorForDatabase = 13;

/**
 * Finds a Python that can make a private environment with the servers' packages.
 * @param {{ forDatabase: boolean }} use the database's package is built for each version of Python, the others are not
 * @returns {Promise<string>} its path
 */
export async function findPython({ forDatabase }) {
  const greatestMinor = forDatabase ? greatestMinorForDatabase : Infinity;
  const range = forDatabase ? `3.${leastMinor}–3.${greatestMinorForDatabase}` : `3.${leastMinor} or later`;
  /** @type {string[]} */
  const flaws = [];
  for (const name of names) {
    const python = findOnPath(name);
    if (python === undefined) continue;
    const { code, output } = await runCommand(python, ['-c', question]);
    // A version manager's stand-in for a version that is not installed.
    if (code !== 0) continue;
    const version = output.trim();
    const minor = Number(version.split('.')[1]);
    if (minor > greatestMinor)
      flaws.push(`${name} is ${version}, for which the local database (secantusdb) has no wheel.`);
    else if (minor < leastMinor) flaws.push(`${name} is ${version}, which is too old.`);
    else if (await lacksVenv(python))
      flaws.push(`${name} (${version}) has no venv with pip; on Debian: python3-venv.`);
    else return python;
  }
  throw new Problem(
    [`Python ${range} with venv is missing.`, ...flaws].join('\n'),
    `Install Python ${range} with venv.`,
  );
}

/** @param {string} python */
async function lacksVenv(python) {
  // Debian splits ensurepip off into a package of its own; venv alone cannot bring pip.
  const { code } = await runCommand(python, ['-c', 'import venv, ensurepip']);
  return code !== 0;
}
