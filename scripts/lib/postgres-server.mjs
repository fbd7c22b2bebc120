import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { freePort } from './free-port.mjs';
import { runCommand } from './run-command.mjs';

const USER = 'stagedoor';
/** PostgreSQL refuses to run as root: this user comes with its package. */
const UNPRIVILEGED = 'postgres';
const START_SECONDS = '60';

/**
 * A PostgreSQL with a port and a temporary folder of its own.
 *
 * @typedef {object} PostgresServer
 * @property {number} port
 * @property {(database: string) => string} url
 * @property {() => Promise<void>} start
 * @property {(mode: 'fast' | 'immediate') => Promise<void>} stop `immediate` is a crash: nothing is written before it ends.
 * @property {() => Promise<void>} restart
 * @property {() => Promise<void>} remove stops it and removes its folder.
 * @property {() => void} kill the same without waiting, for a process that ends now.
 */

/**
 * @param {string} bin the folder with PostgreSQL's programs.
 * @param {{ durable?: boolean, settings?: string[], superuser?: { name: string, password: string }, port?: number }} [options] without
 *   `durable` it does not wait for its disk, for tests that do not cut its power; without `superuser` it asks nobody for a password.
 * @returns {Promise<PostgresServer>} of a server that runs.
 */
export async function startPostgres(
  bin,
  { durable = false, settings = [], superuser, port: chosenPort } = {},
) {
  const home = mkdtempSync(join(tmpdir(), 'stagedoor-postgres-'));
  chmodSync(home, 0o755);
  const data = join(home, 'data');
  mkdirSync(data);
  if (isRoot()) await runCommand('chown', [UNPRIVILEGED, home, data]);
  const login = superuser === undefined ? ['-U', USER, '-A', 'trust'] : loginOf(home, superuser);
  await run(bin, 'initdb', ['-D', data, ...login, '--no-sync', '-E', 'UTF8', '--locale=C']);
  const port = chosenPort ?? (await freePort());
  const disk = durable ? [] : ['fsync=off', 'full_page_writes=off'];
  const options = [`listen_addresses=127.0.0.1`, `port=${String(port)}`, ...disk, ...settings];
  const flags = ['-k', home, ...options.flatMap((option) => ['-c', option])].join(' ');
  const ctl = (/** @type {string[]} */ args) =>
    run(bin, 'pg_ctl', ['-D', data, '-w', '-t', START_SECONDS, ...args]);
  const start = () => ctl(['-l', join(home, 'log'), '-o', flags, 'start']);
  const stop = (/** @type {string} */ mode) => ctl(['-m', mode, 'stop']);
  await start();
  return {
    port,
    url: (database) => `postgres://${USER}@127.0.0.1:${String(port)}/${database}`,
    start,
    stop,
    restart: () => ctl(['-m', 'fast', '-o', flags, 'restart']),
    kill: () => {
      const [pid] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGQUIT');
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
    remove: async () => {
      await stop('immediate').catch(() => undefined); // it may be stopped already
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * @param {string} home
 * @param {{ name: string, password: string }} superuser
 */
function loginOf(home, { name, password }) {
  const file = join(home, 'password');
  writeFileSync(file, password);
  return ['-U', name, '-A', 'scram-sha-256', `--pwfile=${file}`];
}

function isRoot() {
  return process.getuid?.() === 0;
}

/**
 * @param {string} bin
 * @param {string} program
 * @param {string[]} args
 */
async function run(bin, program, args) {
  const file = join(bin, program);
  // `pg_ctl` leaves its server behind, which would keep an inherited output open.
  const quiet = ['-c', 'exec "$0" "$@" >/dev/null 2>&1 </dev/null', file, ...args];
  if (!isRoot()) return void (await runCommand('sh', quiet));
  const drop = [`--reuid=${UNPRIVILEGED}`, `--regid=${UNPRIVILEGED}`, '--clear-groups', 'sh', ...quiet];
  await runCommand('setpriv', drop);
}
