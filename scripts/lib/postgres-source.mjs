import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { messageOf } from './error-facts.mjs';
import { foldersOnPath, isExecutable } from './programs.mjs';
import { runCommand } from './run-command.mjs';

/** Where Debian's packages put the programs of each version. */
const DEBIAN = '/usr/lib/postgresql';
const INSTALL = ['install', '-y', '-qq', '--no-install-recommends', 'postgresql'];

/**
 * The folder with PostgreSQL's own programs: that of `postgres` on the PATH, or of Debian's package, which is installed if it is
 * missing and this process may install it.
 *
 * @param {(line: string) => void} report
 * @returns {Promise<{ bin: string, reason?: undefined } | { reason: string }>}
 */
export async function findPostgres(report) {
  const found = installed();
  if (found !== undefined) return { bin: found };
  const missing = 'PostgreSQL is not installed: apt-get install postgresql';
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return { reason: missing };
  report('installing PostgreSQL once');
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['update', '-qq'], { env });
    await runCommand('apt-get', INSTALL, { env });
  } catch (error) {
    return { reason: `${missing} (${messageOf(error)})` };
  }
  const bin = installed();
  return bin === undefined ? { reason: missing } : { bin };
}

/** @returns {string | undefined} */
function installed() {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...debian.map((version) => join(DEBIAN, version, 'bin')), ...foldersOnPath()];
  return folders.find((folder) =>
    ['initdb', 'postgres', 'pg_ctl'].every((name) => isExecutable(join(folder, name))),
  );
}
