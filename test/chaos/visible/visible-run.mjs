import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startCollector } from '../../support/otlp-collector.mjs';
import { startServer } from '../support/server-under-test.mjs';
import { samplesOf, signsOf } from './visible-signs.mjs';

/** @import { Minio } from '../support/bucket.mjs' */
/** @import { Place as Sign, Signs, Subject } from './visible-signs.mjs' */
/** @import { Fault, Scene } from './visible-scenes.mjs' */

/**
 * @typedef {object} Visibility
 * @property {Fault} fault
 * @property {Signs} signs
 * @property {Partial<Record<Sign, number>>} seconds from the fault until each place told it
 * @property {number} [endSeconds] from its end until `/ready`, metrics and log told that
 */

const WITHIN_MS = 10_000;
const PAUSE_MS = 100;
const TOKEN = 'token-of-the-collector';
/** @type {readonly Sign[]} */
export const SIGNS = ['ready', 'metrics', 'log', 'trace'];
/** @type {readonly Sign[]} */
const LASTING = ['ready', 'metrics', 'log'];

/**
 * Causes each fault on a server of its own, so many at once, and waits until it is told everywhere, and so is its end.
 * @param {{ faults: readonly Fault[], minio: Minio, atOnce: number }} plan
 * @returns {Promise<Visibility[]>}
 */
export async function runVisible({ faults, minio, atOnce }) {
  const waiting = [...faults.entries()];
  /** @type {Visibility[]} */
  const results = [];
  const next = async () => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
      const [index, fault] = one;
      results[index] = await visibilityOf(fault, minio);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, next));
  return results;
}

/**
 * @param {Fault} fault
 * @param {Minio} minio
 * @returns {Promise<Visibility>}
 */
async function visibilityOf(fault, minio) {
  const folder = mkdtempSync(join(tmpdir(), 'stagedoor-visible-'));
  const scene = await fault.open({ folder: join(folder, 'scene'), minio });
  const collector = await startCollector();
  const logFile = join(folder, 'log');
  const settings = {
    LOG_LEVEL: 'info',
    METRICS_TOKEN: TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '200',
    ...scene.settings,
  };
  const server = await startServer({ dataDir: join(folder, 'data'), logFile, settings });
  try {
    const subject = { url: server.url, logFile, collector, token: TOKEN };
    return { fault, ...(await toldOf(subject, fault, scene)) };
  } finally {
    await server.kill();
    collector.close();
    await scene.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Subject} subject
 * @param {Fault} fault
 * @param {Scene} scene
 * @returns {Promise<Omit<Visibility, 'fault'>>}
 */
async function toldOf(subject, fault, scene) {
  const before = await samplesOf(subject);
  /** @type {Signs} */
  const signs = { ready: undefined, metrics: undefined, log: undefined, trace: undefined };
  /** @type {Visibility['seconds']} */
  const seconds = {};
  const startedAt = performance.now();
  await scene.cause();
  const look = async () => {
    const found = await signsOf(subject, fault, before);
    for (const place of SIGNS.filter((one) => found[one] !== undefined)) {
      signs[place] = found[place];
      seconds[place] ??= secondsSince(startedAt);
    }
    return SIGNS.every((place) => seconds[place] !== undefined);
  };
  await within(look);
  await look(); // errors that a scrape has caused itself show in the next one
  await scene.mend();
  const mendedAt = performance.now();
  const hasEnded = await within(async () => {
    const found = await signsOf(subject, fault, before);
    return LASTING.every((place) => found[place] === undefined);
  });
  return hasEnded ? { signs, seconds, endSeconds: secondsSince(mendedAt) } : { signs, seconds };
}

/**
 * Whether something comes true in time.
 * @param {() => Promise<boolean>} comesTrue
 */
async function within(comesTrue) {
  const deadline = performance.now() + WITHIN_MS;
  while (performance.now() < deadline) {
    if (await comesTrue()) return true;
    await delay(PAUSE_MS);
  }
  return false;
}

/** @param {number} startedAt */
function secondsSince(startedAt) {
  return (performance.now() - startedAt) / 1000;
}
