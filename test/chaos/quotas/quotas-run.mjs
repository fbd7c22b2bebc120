import { setTimeout as delay } from 'node:timers/promises';

import { ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { withCluster } from '../support/cluster/with-cluster.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** @import { Cluster } from '../support/cluster/cluster.mjs' */

/**
 * @typedef {object} Extent
 * @property {number} rounds
 * @property {number} uploads of each round, all at once
 * @property {boolean} kills whether a server is killed in the middle of each round
 */
/** @typedef {{ max_bytes: number, used_bytes: number, used_files: number, reserved_bytes: number, left_bytes: number }} Quota */
/**
 * @typedef {object} Sent
 * @property {string} name
 * @property {number} size
 * @property {number} status 0 where no answer came
 */

const BYTES = 1000;
/** Files that are there before. Several uploads replace each of them at the same time. */
const BASE_FILES = 10;
/** Of the quota, beyond the files before: less than half of what races for it. */
const ROOM_FILES = 60;
const LOOK_EVERY_MS = 20;
const SETTLE_MS = 30_000;
/** What an upload may be answered: 503 while a server is killed. */
const EXPECTED = [200, 201, 413, 503, 0];

/**
 * Sends uploads to three servers at once, more than their stage may hold, and looks whether it ever holds more.
 *
 * @param {Extent} extent
 */
export function runQuotas(extent) {
  return withCluster((cluster) => raceAll(cluster, extent), { LEFTOVER_SWEEP_SECONDS: '1' });
}

/**
 * @param {Cluster} cluster
 * @param {Extent} extent
 */
async function raceAll(cluster, { rounds, uploads, kills }) {
  const violations = [];
  /** @type {Map<number, number>} */
  const statuses = new Map();
  let looks = 0;
  for (let round = 0; round < rounds; round++) {
    const race = await raceOnce(cluster, {
      round,
      uploads,
      victim: kills ? round % cluster.size : undefined,
    });
    violations.push(...race.violations.map((violation) => `round ${round}: ${violation}`));
    looks += race.looks;
    for (const { status } of race.sent) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  /** @type {Readonly<Record<number, number>>} */
  const counts = Object.fromEntries(statuses);
  return { statuses: counts, looks, violations: [...violations, ...cluster.deaths] };
}

/**
 * @param {Cluster} cluster
 * @param {{ round: number, uploads: number, victim: number | undefined }} plan
 */
async function raceOnce(cluster, { round, uploads, victim }) {
  const services = cluster.serverUrls.map((url) => new StageHttp(url, ROOT_PASSWORD));
  const witness = inTurn(services, (victim ?? 0) + 1);
  const stage = `race_${round}`;
  const max = (BASE_FILES + ROOM_FILES) * BYTES + BYTES / 2;
  await prepare(witness, stage, max);
  const watch = watchOver(witness, stage, max);
  const sending = Array.from({ length: uploads }, (_, number) =>
    send(inTurn(services, number), stage, uploadOf(number)),
  );
  if (victim !== undefined) {
    await delay(20 + 10 * (round % 5));
    await cluster.killServer(victim);
  }
  const sent = await Promise.all(sending);
  const watched = await watch.end();
  if (victim !== undefined) await cluster.startServer(victim);
  const race = { stage, max, sent, isKilled: victim !== undefined };
  const violations = [...watched.violations, ...(await violationsOf(witness, race))];
  for (const service of services) service.close();
  return { sent, looks: watched.looks, violations };
}

/**
 * @param {StageHttp} service
 * @param {string} stage
 * @param {number} max
 */
async function prepare(service, stage, max) {
  await service.createStage({ name: stage });
  for (let number = 0; number < BASE_FILES; number++)
    await send(service, stage, { name: `base-${number}`, size: BYTES, isChunked: false });
  const { status } = await service.json('PUT', `/v1/stages/${stage}/quota`, { max_bytes: max });
  if (status !== 200) throw new Error(`PUT quota: ${status}`);
}

/**
 * Every fifth replaces a file, by a shorter or a longer one; every second has no declared length.
 * @param {number} number
 */
function uploadOf(number) {
  const isChunked = number % 2 === 0;
  if (number % 5 !== 0) return { name: `new-${number}`, size: BYTES, isChunked };
  return { name: `base-${(number / 5) % BASE_FILES}`, size: 500 + ((number * 37) % 1000), isChunked };
}

/**
 * @param {StageHttp} service
 * @param {string} stage
 * @param {{ name: string, size: number, isChunked: boolean }} file
 * @returns {Promise<Sent>}
 */
async function send(service, stage, { name, size, isChunked }) {
  const headers = isChunked ? {} : { 'content-length': String(size) };
  const pieces = [Buffer.alloc(size, name)];
  const path = `/v1/stages/${stage}/files/${name}`;
  const status = await service.send({ method: 'PUT', path, headers, pieces }).then(
    (answer) => answer.status,
    () => 0,
  );
  return { name, size, status };
}

/**
 * Lists the stage again and again.
 *
 * @param {StageHttp} service
 * @param {string} stage
 * @param {number} max
 */
function watchOver(service, stage, max) {
  const state = { isOver: false, looks: 0 };
  /** @type {string[]} */
  const violations = [];
  const look = async () => {
    while (!state.isOver) {
      const held = bytesOf(await service.list(stage));
      state.looks++;
      if (held > max) violations.push(`the stage held ${held} bytes, of ${max}`);
      await delay(LOOK_EVERY_MS);
    }
  };
  const looking = look();
  const end = async () => {
    state.isOver = true;
    await looking;
    return { looks: state.looks, violations };
  };
  return { end };
}

/**
 * @param {StageHttp} service
 * @param {{ stage: string, max: number, sent: readonly Sent[], isKilled: boolean }} race
 */
async function violationsOf(service, { stage, max, sent, isKilled }) {
  const violations = [];
  const odd = sent.filter(({ status }) => !EXPECTED.includes(status));
  if (odd.length > 0) violations.push(`answers ${odd.map(({ status }) => status).join()}`);
  const quota = await settled(service, stage);
  const files = new Map((await service.list(stage)).map(({ name, size }) => [name, size]));
  const held = [...files.values()].reduce((sum, size) => sum + size, 0);
  if (held > max) violations.push(`the stage holds ${held} bytes, of ${max}`);
  // What a killed server has put in place of a longer file is on no record: the longer one counts.
  const isExact = quota.used_bytes === held || (isKilled && quota.used_bytes > held);
  if (!isExact) violations.push(`used are ${quota.used_bytes} bytes, and ${held} are there`);
  if (quota.used_bytes > max) violations.push(`used are ${quota.used_bytes} bytes, of ${max}`);
  if (quota.used_files !== files.size) violations.push(`used are ${quota.used_files} files of ${files.size}`);
  if (quota.reserved_bytes !== 0) violations.push(`${quota.reserved_bytes} bytes stay reserved`);
  for (const { name, size, status } of sent.filter((one) => isStored(one.status))) {
    const found = files.get(name);
    const sizes = sent.filter((one) => one.name === name).map((one) => one.size);
    if (found === undefined || !sizes.includes(found))
      violations.push(`${name} of ${size} bytes was answered with ${status}, and has ${found}`);
  }
  return violations;
}

/**
 * The quota, when nothing is reserved any more: a sweep ends what a dead server had reserved.
 *
 * @param {StageHttp} service
 * @param {string} stage
 * @returns {Promise<Quota>}
 */
async function settled(service, stage) {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const { body } = await service.json('GET', `/v1/stages/${stage}/quota`);
    const quota = /** @type {Quota} */ (/** @type {unknown} */ (body));
    if (quota.reserved_bytes === 0 || Date.now() > deadline) return quota;
    await delay(200);
  }
}

/** @param {readonly { size: number }[]} files */
function bytesOf(files) {
  return files.reduce((sum, { size }) => sum + size, 0);
}

/** @param {number} status */
function isStored(status) {
  return status === 200 || status === 201;
}
