import { setTimeout as delay } from 'node:timers/promises';

/** @import { OwnPostgres } from '../support/cluster/own-postgres.mjs' */

/**
 * On the clock of `performance`: the database may refuse from `awayAt` on, and is back at `backAt`.
 *
 * @typedef {object} Outage
 * @property {string} name
 * @property {number} awayAt
 * @property {number} backAt
 * @property {{ from: number, to: number }} [gone] when there surely was none
 */
/** @typedef {{ stopSeconds: number, terminations: number }} OutagePlan */

const BETWEEN_TERMINATIONS_MS = 700;

/** @typedef {(postgres: OwnPostgres, plan: OutagePlan) => Promise<Outage>} CauseOutage */

/** @type {readonly CauseOutage[]} */
export const OUTAGES = [restarted, stopped, terminated];

/** @type {CauseOutage} */
async function restarted(postgres) {
  const awayAt = performance.now();
  await postgres.restart();
  return { name: 'pg_ctl restart', awayAt, backAt: performance.now() };
}

/** @type {CauseOutage} */
async function stopped(postgres, { stopSeconds }) {
  const awayAt = performance.now();
  await postgres.stop('fast');
  const from = performance.now();
  await delay(stopSeconds * 1000);
  const gone = { from, to: performance.now() };
  await postgres.start();
  return { name: `stopped for ${stopSeconds} s`, awayAt, backAt: performance.now(), gone };
}

/** @type {CauseOutage} */
async function terminated(postgres, { terminations }) {
  const awayAt = performance.now();
  let sessions = 0;
  for (let number = 0; number < terminations; number += 1) {
    if (number > 0) await delay(BETWEEN_TERMINATIONS_MS);
    sessions += await postgres.terminateAll();
  }
  const name = `${terminations} times pg_terminate_backend of all, ${sessions} sessions`;
  return { name, awayAt, backAt: performance.now() };
}
