import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { PASSWORD, statusOf } from './guesses-run.mjs';

/** @import { BuiltServer } from '../../../scripts/lib/built-server.mjs' */

/** @typedef {{ slices: number, sliceSeconds: number, perSecond: number }} Plan */

const UPLOADERS = 8;
const BODY = Buffer.alloc(4096, 'x');

/**
 * Uploads of root, in slices with and without wrong passwords beside them, in turn. Each guess is at another name, from another address: no
 * throttle of one name or network refuses it.
 *
 * @param {Pick<BuiltServer, 'host'>} server
 * @param {Plan} plan
 * @returns uploads a second in each slice, and the median of the ratios of neighbouring slices
 */
export async function uploadsBeside({ host }, { slices, sliceSeconds, perSecond }) {
  const agent = new Agent({ keepAlive: true, maxSockets: UPLOADERS });
  await uploadsFor(sliceSeconds); // warm
  /** @type {number[]} */
  const alone = [];
  /** @type {number[]} */
  const beside = [];
  let guesses = 0;
  for (let slice = 0; slice < slices; slice++) {
    alone.push(await uploadsFor(sliceSeconds));
    const stop = startGuesses();
    beside.push(await uploadsFor(sliceSeconds));
    await stop();
  }
  agent.destroy();
  const ratios = beside.map((rate, index) => rate / (alone[index] ?? NaN));
  return { alone, beside, ratio: median(ratios), guesses };

  /** @param {number} seconds */
  async function uploadsFor(seconds) {
    const end = performance.now() + seconds * 1000;
    let count = 0;
    await Promise.all(
      Array.from({ length: UPLOADERS }, async (_none, index) => {
        while (performance.now() < end) {
          await upload(agent, host, `${String(index)}.bin`);
          count++;
        }
      }),
    );
    return count / seconds;
  }

  function startGuesses() {
    let isOver = false;
    /** @type {Set<Promise<unknown>>} */
    const running = new Set();
    const sending = (async () => {
      while (!isOver) {
        const number = guesses++;
        const localAddress = `127.0.${String(2 + (number % 200))}.${String(1 + (number % 250))}`;
        const guess = statusOf({ host, localAddress, credentials: `name ${String(number)}:wrong` });
        running.add(guess);
        void guess.finally(() => running.delete(guess));
        await delay(1000 / perSecond);
      }
    })();
    return async () => {
      isOver = true;
      await sending;
      await Promise.all(running);
    };
  }
}

/**
 * @param {Agent} agent
 * @param {string} host
 * @param {string} name
 * @returns {Promise<void>}
 */
function upload(agent, host, name) {
  const headers = {
    authorization: `Basic ${Buffer.from(`root:${PASSWORD}`).toString('base64')}`,
    'content-length': BODY.length,
  };
  return new Promise((resolve, reject) => {
    const sent = request(`http://${host}/v1/stages/~/files/${name}`, { method: 'PUT', agent, headers });
    sent.once('response', (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200 || response.statusCode === 201) resolve();
        else reject(new Error(`an upload was answered ${String(response.statusCode)}`));
      });
    });
    sent.once('error', reject);
    sent.end(BODY);
  });
}

/** @param {readonly number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}
