import { Agent, request } from 'node:http';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { inTurn } from '../support/in-turn.mjs';

/** @import { BuiltServer } from '../../../scripts/lib/built-server.mjs' */

/** @typedef {{ seconds: number, perSecond: number, addresses: readonly string[] }} Flood */
/**
 * @typedef {object} FloodCount
 * @property {number} compared guesses that were compared with the password
 * @property {number} refused guesses that were not
 * @property {number} served answers to the client that works
 * @property {number[]} failures statuses that should not be
 */
/** @typedef {{ host: string, agent?: Agent, localAddress?: string, credentials: string }} Attempt */

export const PASSWORD = 'the right one';
const MIB = 1024 * 1024;

/**
 * Runs guesses at a server of its own.
 *
 * @template Result
 * @param {(server: BuiltServer) => Promise<Result>} run
 */
export async function withServer(run) {
  const server = await startBuiltServer({ ROOT_PASSWORD: PASSWORD });
  try {
    return await run(server);
  } finally {
    await server.stop();
  }
}

/**
 * Wrong passwords for `root`, so many a second, from these addresses in turn, beside a client that works.
 *
 * @param {Pick<BuiltServer, 'host'>} server
 * @param {Flood} plan
 */
export async function flood({ host }, { seconds, perSecond, addresses }) {
  /** @type {FloodCount} */
  const count = { compared: 0, refused: 0, served: 0, failures: [] };
  const agent = new Agent({ keepAlive: true });
  await client(); // who was right lately
  const end = performance.now() + seconds * 1000;
  /** @type {Promise<void>[]} */
  const running = [];
  let sent = 0;
  let isOver = false;
  const working = work();
  while (performance.now() < end) {
    const due = Math.floor((performance.now() - (end - seconds * 1000)) / (1000 / perSecond));
    while (sent < due) running.push(guess(sent++));
    await delay(5);
  }
  isOver = true;
  await Promise.all([...running, working]);
  agent.destroy();
  return { ...count, sent };

  async function work() {
    while (!isOver) {
      await client();
      await delay(50);
    }
  }

  async function client() {
    const status = await statusOf({ host, agent, credentials: `root:${PASSWORD}` });
    if (status === 200) count.served++;
    else count.failures.push(status);
  }

  /** @param {number} number */
  async function guess(number) {
    const localAddress = inTurn(addresses, number);
    const status = await statusOf({ host, localAddress, credentials: `root:wrong ${String(number)}` });
    if (status === 401) count.compared++;
    else if (status === 429) count.refused++;
    else count.failures.push(status);
  }
}

/**
 * Sign-ins with so many names of so many bytes.
 *
 * @param {Pick<BuiltServer, 'host' | 'child'>} server
 * @param {{ names: number, bytes: number, atOnce?: number }} plan
 */
export async function signInAs({ host, child }, { names, bytes, atOnce = 16 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  await signIns(0, atOnce);
  const before = rssMib(child.pid);
  const statuses = await signIns(atOnce, names);
  agent.destroy();
  return { growthMib: rssMib(child.pid) - before, statuses };

  /**
   * @param {number} from
   * @param {number} to
   */
  async function signIns(from, to) {
    /** @type {Record<string, number>} */
    const statuses = {};
    let next = from;
    const one = async () => {
      while (next < to) {
        const name = `${String(next++)}-${'n'.repeat(bytes)}`.slice(0, bytes);
        const status = await statusOf({ host, agent, credentials: `${name}:x` });
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, one));
    return statuses;
  }
}

/**
 * @param {Attempt} attempt
 * @returns {Promise<number>}
 */
export function statusOf({ host, credentials, ...manner }) {
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  return new Promise((resolve, reject) => {
    const asked = request(`http://${host}/v1/stages`, { ...manner, headers: { authorization } });
    asked.once('response', (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode ?? 0));
    });
    asked.once('error', reject);
    asked.end();
  });
}

/** @param {number | undefined} pid */
function rssMib(pid) {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8')) ?? [];
  return (Number(kib) * 1024) / MIB;
}
