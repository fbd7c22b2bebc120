import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Random } from '../support/random.mjs';
import { jsonOf } from '../support/stage-http.mjs';
import { FILES, openScene, OUTSIDE, SECRET, TARGETS, treeOf } from './links-scene.mjs';

/** @import { Answer } from '../support/exchange.mjs' */
/** @import { ListedFile, StageHttp } from '../support/stage-http.mjs' */

/** @typedef {{ random: Random, until: number, statuses: Record<string, number>, violations: string[] }} ClientRun */

const CLIENTS = 4;
/** @type {readonly (readonly [weight: number, verb: string])[]} */
const VERBS = [
  [4, 'GET'],
  [4, 'PUT'],
  [2, 'DELETE'],
  [2, 'LIST'],
  [1, 'REMOVE'],
];

/**
 * Exchanges directories of stages for links, for so long: how often, what was answered, and what must not be.
 *
 * @param {{ seed: number, seconds: number }} plan
 */
export async function runLinks({ seed, seconds }) {
  const scene = await openScene();
  try {
    const before = treeOf(scene.outside);
    const swapper = startSwaps(scene.pairs);
    const until = Date.now() + seconds * 1000;
    /** @type {Record<string, number>} */
    const statuses = {};
    /** @type {string[]} */
    const violations = [];
    const clients = Array.from({ length: CLIENTS }, (_, index) =>
      runClient(scene, { random: new Random(seed, index), until, statuses, violations }),
    );
    await Promise.all(clients);
    const swaps = await swapper.stop();
    violations.push(...differences(before, treeOf(scene.outside)));
    return { swaps, statuses, violations };
  } finally {
    await scene.close();
  }
}

/** @param {readonly (readonly string[])[]} pairs */
function startSwaps(pairs) {
  const args = [join(import.meta.dirname, 'links-swap.py'), ...pairs.map((pair) => pair.join('\t'))];
  const child = spawn('python3', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = child.stdout.toArray();
  const exited = once(child, 'exit');
  return {
    stop: async () => {
      child.stdin.end();
      const [code] = await exited;
      if (code !== 0) throw new Error('The exchange of links has failed.');
      return Number(Buffer.concat(await said).toString());
    },
  };
}

/**
 * @param {{ service: StageHttp }} scene
 * @param {ClientRun} run
 */
async function runClient({ service }, { random, until, statuses, violations }) {
  while (Date.now() < until) {
    const verb = random.weighted(VERBS);
    const { stage, folder } = random.pick(TARGETS);
    const answer = await service.send(requestOf(verb, { stage, folder, name: random.pick(FILES) }));
    const key = `${verb} ${answer.status}`;
    statuses[key] = (statuses[key] ?? 0) + 1;
    for (const problem of problemsOf(answer)) violations.push(`${verb} in ${stage}/${folder}: ${problem}`);
  }
}

/**
 * @param {string} verb
 * @param {{ stage: string, folder: string, name: string }} place
 */
function requestOf(verb, { stage, folder, name }) {
  const files = `/v1/stages/${stage}/files`;
  const path = `${files}/${folder}/${name}`;
  const body = Buffer.from('what a client sends');
  switch (verb) {
    case 'PUT':
      return { method: verb, path, headers: { 'content-length': String(body.length) }, pieces: [body] };
    case 'LIST':
      return { method: 'GET', path: `${files}?prefix=${encodeURIComponent(folder)}` };
    case 'REMOVE':
      return { method: 'DELETE', path: `${files}?prefix=${encodeURIComponent(`${folder}/`)}` };
    default:
      return { method: verb, path };
  }
}

/** @param {Answer} answer */
function problemsOf(answer) {
  const { status, bytes } = answer;
  const problems = [];
  if (status === 500) problems.push(`status 500: ${bytes.toString()}`);
  if (bytes.includes(SECRET.slice(0, 30))) problems.push('the content of a file outside was read');
  if (bytes.includes(OUTSIDE)) problems.push('a name from outside was listed');
  // Where it lists files, these are rows.
  const rows = /** @type {ListedFile[]} */ (jsonOf(answer)?.files ?? []);
  if (rows.some(({ size }) => size === SECRET.length)) problems.push('a size from outside was listed');
  return problems;
}

/**
 * @param {readonly string[]} before
 * @param {readonly string[]} after
 */
function differences(before, after) {
  const [known, found] = [new Set(before), new Set(after)];
  return [
    ...before.filter((entry) => !found.has(entry)).map((entry) => `changed or removed outside: ${entry}`),
    ...after.filter((entry) => !known.has(entry)).map((entry) => `changed or made outside: ${entry}`),
  ];
}
