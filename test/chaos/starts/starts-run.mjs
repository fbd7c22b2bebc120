import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';

import { onInterruption } from '../../../scripts/lib/interruption.mjs';
import { rowsOf, startOwnPostgres } from '../support/cluster/own-postgres.mjs';
import { Random } from '../support/random.mjs';
import { launchServer } from '../support/server-under-test.mjs';

/** @import { OwnPostgres } from '../support/cluster/own-postgres.mjs' */

/**
 * @typedef {object} StartsOptions
 * @property {number} rounds
 * @property {number} servers
 * @property {number} seed
 * @property {(line: string) => void} print
 */

const MIGRATIONS = join(import.meta.dirname, '../../../src/database/migrations');
/** The second and third start come so much later at most: they meet the first in another step each time. */
const SPREAD_MS = 300;

/**
 * Starts servers at once on an empty database, again and again: one of them migrates, and all get ready.
 *
 * @param {StartsOptions} options
 * @returns figures and `violations`.
 */
export async function runStarts({ rounds, servers, seed, print }) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-starts-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const callOff = onInterruption(remove);
  const postgres = await startOwnPostgres();
  /** @type {string[]} */
  const violations = [];
  let longestMs = 0;
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const result = await startAtOnce(postgres, { folder, round, servers, seed });
      longestMs = Math.max(longestMs, result.ms);
      for (const problem of result.problems) {
        violations.push(`seed ${seed}, round ${round}: ${problem}`);
        print(`  ${violations.at(-1)}`);
      }
    }
  } finally {
    await postgres.remove();
    callOff();
    remove();
  }
  return { rounds, starts: rounds * servers, longestMs, violations };
}

/**
 * @param {OwnPostgres} postgres
 * @param {{ folder: string, round: number, servers: number, seed: number }} plan
 */
async function startAtOnce(postgres, { folder, round, servers, seed }) {
  const name = `stages_${round}`;
  const url = await postgres.create(name);
  const home = join(folder, name);
  mkdirSync(home);
  const random = new Random(seed, round);
  const settings = {
    DATABASE_URL: url,
    INTERNAL_STORAGE_URL: `fs://${home}/internal/`,
    CONNECTION_KEY: randomBytes(32).toString('base64'),
    ROOT_PASSWORD: 'of all servers',
  };
  const began = performance.now();
  const started = await Promise.all(
    Array.from({ length: servers }, async (_, index) => {
      await delay(index === 0 ? 0 : random.below(SPREAD_MS));
      const logFile = join(home, `${index}.log`);
      const server = await launchServer({ dataDir: join(home, `${index}`), logFile, settings });
      return { logFile, server, isReady: await server.isReady() };
    }),
  );
  const ms = performance.now() - began;
  const problems = started.flatMap(({ isReady, logFile }, index) => [
    ...(isReady ? [] : [`server ${index + 1} did not get ready`]),
    ...logged(logFile).map((line) => `server ${index + 1} says: ${line}`),
  ]);
  problems.push(...(await problemsOf(url)));
  await Promise.all(started.map(({ server }) => server.kill()));
  await postgres.drop(name);
  rmSync(home, { recursive: true, force: true });
  return { ms, problems };
}

/**
 * A start at which nothing is wrong says nothing above `info`.
 * @param {string} logFile
 */
function logged(logFile) {
  const text = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim() : '';
  return text === '' ? [] : text.split('\n').slice(0, 5);
}

/** @param {string} url */
async function problemsOf(url) {
  const names = (await rowsOf(url, 'SELECT name FROM migrations ORDER BY id')).map(({ name }) =>
    String(name),
  );
  const users = await rowsOf(url, 'SELECT name FROM users');
  const wanted = readdirSync(MIGRATIONS).length;
  const problems = [];
  if (new Set(names).size !== names.length) problems.push(`migrations ran twice: ${names.join(', ')}`);
  if (names.length !== wanted) problems.push(`${names.length} of ${wanted} migrations are recorded`);
  if (users.length !== 1) problems.push(`there are ${users.length} users instead of root`);
  return problems;
}
