import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';

import { inTurn } from '../support/in-turn.mjs';
import { LoadBody } from './load-body.mjs';
import { LoadConnection, upload, uploadParts } from './load-upload.mjs';

/** @import { LoadAnswer } from './load-upload.mjs' */

/** @typedef {{ number: number, connection: LoadConnection }} IdleConnection */

const SMALL_BYTES = 64 * 1024;
const CONNECTS_AT_ONCE = 100;
/**
 * What an idle connection has sent before it fell silent. The last two have begun an upload.
 *
 * @type {readonly ((number: number) => string)[]}
 */
const BEGINNINGS = [
  () => '',
  () => '',
  () => 'PUT /v1/upload_to_stage HTTP/1.1\r\nHost: local',
  (number) => uploadParts(`idle-${number}`, SMALL_BYTES, { kind: 'form' }).head,
  (number) => `${uploadParts(`idle-${number}`, SMALL_BYTES, { kind: 'raw' }).head}ten bytes.`,
];
/** @param {number} number */
const isUpload = (number) => number % BEGINNINGS.length >= 3;

/**
 * Holds idle connections open for a while, and goes on with small uploads and listings beside them.
 *
 * @param {number} port
 * @param {{ connections: number, seconds: number, idleTimeoutSeconds: number }} plan The server gives up an upload after
 *   `idleTimeoutSeconds`: those that have begun are then answered by 408.
 * @returns figures and `violations`.
 */
export async function idleConnections(port, { connections, seconds, idleTimeoutSeconds }) {
  /** @type {string[]} */
  const violations = [];
  const idle = await openIdle(port, connections);
  const times = await worked(port, seconds, violations);
  const worst = Math.max(...times);
  if (worst > 3000)
    violations.push(`a request took ${worst.toFixed(0)} ms beside ${connections} idle connections`);
  const given = await givenUp(idle, idleTimeoutSeconds);
  if (given.problem !== undefined) violations.push(given.problem);
  for (const { connection } of idle) connection.socket.destroy();
  const median = times.sort((one, other) => one - other)[times.length >> 1] ?? 0;
  return { requests: times.length, median, worst, givenUp: given.count, violations };
}

/**
 * They are all connected when it returns: what waits in the queue of the system delays others for whole seconds.
 * @param {number} port
 * @param {number} count
 */
async function openIdle(port, count) {
  /** @type {IdleConnection[]} */
  const idle = [];
  for (let number = 0; number < count; number++) {
    const connection = new LoadConnection(port);
    const beginning = inTurn(BEGINNINGS, number)(number);
    if (beginning !== '') connection.socket.write(beginning);
    idle.push({ number, connection });
    if (number % CONNECTS_AT_ONCE === 0) await once(connection.socket, 'connect');
  }
  while (idle.some(({ connection }) => connection.socket.connecting)) await delay(20);
  return idle;
}

/**
 * Uploads and lists, one after the other.
 *
 * @param {number} port
 * @param {number} seconds
 * @param {string[]} violations
 * @returns how long each took, in milliseconds.
 */
async function worked(port, seconds, violations) {
  const end = performance.now() + seconds * 1000;
  /** @type {number[]} */
  const times = [];
  for (let number = 0; performance.now() < end; number++) {
    const start = performance.now();
    const kind = number % 2 === 0 ? 'form' : 'raw';
    const body = new LoadBody(number, SMALL_BYTES);
    const answer = await upload(port, `beside-${number % 50}`, body, { kind, manner: 'polite' });
    const isStored = typeof answer === 'object' && (answer.status === 200 || answer.status === 201);
    if (!isStored) violations.push(`an upload beside: ${told(answer)}`);
    times.push(performance.now() - start);
    times.push(await listed(port, violations));
  }
  return times;
}

/**
 * @param {number} port
 * @param {string[]} violations
 */
async function listed(port, violations) {
  const start = performance.now();
  const { status } = await fetch(`http://127.0.0.1:${port}/v1/stages/~/files?prefix=beside-`, {
    headers: { authorization: `Basic ${Buffer.from('root:').toString('base64')}` },
  }).then(async (answer) => {
    await answer.arrayBuffer();
    return answer;
  });
  if (status !== 200) violations.push(`a listing beside: ${status}`);
  return performance.now() - start;
}

/**
 * Each upload that has begun and fell silent is answered: given up, or put off.
 * @param {readonly IdleConnection[]} idle
 * @param {number} idleTimeoutSeconds
 * @returns {Promise<{ count: number, problem?: string }>}
 */
async function givenUp(idle, idleTimeoutSeconds) {
  const uploads = idle.filter(({ number }) => isUpload(number)).map(({ connection }) => connection);
  const boundMs = (idleTimeoutSeconds * 2 + 10) * 1000;
  await Promise.all(uploads.map((connection) => connection.until(undefined, boundMs)));
  /** @param {LoadConnection} connection */
  const isAnswered = ({ answer }) =>
    answer?.status === 408 || (answer?.status === 503 && answer.retryAfter !== undefined);
  const others = uploads.filter((connection) => !isAnswered(connection));
  const count = uploads.length - others.length;
  if (others.length === 0) return { count };
  return {
    count,
    problem: `${others.length} silent uploads were not given up; one of them: ${told(others[0]?.answer)}`,
  };
}

/** @param {LoadAnswer | string | undefined} answer */
function told(answer) {
  return typeof answer === 'object' ? `${answer.status} ${answer.body.slice(0, 200)}` : String(answer);
}
