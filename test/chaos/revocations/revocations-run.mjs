import { ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { withCluster } from '../support/cluster/with-cluster.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { ask, basic, run } from './person.mjs';
import { endRunning } from './running-transfers.mjs';
import { FILE, STAGE, TAKINGS } from './takings.mjs';

/** @import { Taking } from './takings.mjs' */

/**
 * Takes rights away on one of three servers, and asks all of them at once, as soon as that one has answered.
 *
 * @param {{ rounds: number }} extent
 */
export function runRevocations({ rounds }) {
  return withCluster((cluster) => takeAll(cluster.serverUrls, rounds));
}

/**
 * @param {readonly string[]} urls
 * @param {number} rounds
 */
async function takeAll(urls, rounds) {
  const root = basic('root', ROOT_PASSWORD);
  const first = inTurn(urls, 0);
  await run(first, root, `CREATE STAGE ${STAGE}`);
  await ask(first, `/v1/stages/${STAGE}/files/${FILE}`, { authorization: root, method: 'PUT', body: 'a,b' });
  const violations = [];
  let taken = 0;
  for (let round = 0; round < rounds; round++) {
    for (const taking of TAKINGS) {
      violations.push(...(await takeOnce(taking, urls, root, round + taken)));
      taken += 1;
    }
  }
  const running = await endRunning(urls, root);
  violations.push(...running.violations);
  return { taken, probes: taken * urls.length, longestEndMs: running.longestMs, violations };
}

/**
 * @param {Taking} taking
 * @param {readonly string[]} urls
 * @param {string} root
 * @param {number} turn
 */
async function takeOnce({ name, give, take, after }, urls, root, turn) {
  const place = { giver: inTurn(urls, turn), taker: inTurn(urls, turn + 1), root };
  const probe = await give(place);
  const before = await Promise.all(urls.map(probe));
  await take(place);
  const now = await Promise.all(urls.map(probe));
  const wrong = [];
  if (before.some((status) => status !== 200)) wrong.push(`${name}: answered ${before.join()} before`);
  if (now.some((status) => !after.includes(status))) wrong.push(`${name}: answered ${now.join()} afterwards`);
  return wrong;
}
