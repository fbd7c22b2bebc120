import { setTimeout as delay } from 'node:timers/promises';

import { claimsSuccess, errorProblems, isStored, sendUpload, textOf } from './faults-service.mjs';

/** @import { FaultProxy } from './fault-proxy.mjs' */
/** @import { FaultCase } from './faults-plan.mjs' */
/** @import { Contents, Shape } from './faults-service.mjs' */
/** @import { FaultStore } from './faults-store.mjs' */
/** @import { Content } from '../support/contents.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */
/** @import { StageHttp } from '../support/stage-http.mjs' */

/**
 * @typedef {object} FaultContext
 * @property {Contents} contents
 * @property {FaultProxy} proxy
 * @property {FaultStore} store
 * @property {StageHttp} service
 * @property {(stage: string, file: string) => Promise<string>} openStage resolves to the key of the file
 * @property {boolean} hasOwnRetries
 */
/** @typedef {FaultContext & { one: FaultCase, stage: string, key: string, content: Content, previous: Content | undefined }} Scene */
/** @typedef {{ name: string, call: string, fault: string, scope: string, shape: Shape, condition?: string }} CaseLabel */
/**
 * @typedef {object} FaultResult
 * @property {CaseLabel} one
 * @property {Answer} answer
 * @property {Record<string, number>} seen how often each call came
 * @property {string[]} violations what must not be: `false SUCCESS`, `orphan`, `failed recovery`, or another sentence
 */

const NAME = 'file.bin';
const PREVIOUS_BYTES = 3000;
/** So long after the answer a call is waited for that is to suffer. */
const LATE_CALLS_MS = 15_000;
/** So long after its fault is lifted an upload may leave something unfinished. */
const CLEANUP_MS = 10_000;
/** A call of the cleaning up may be stalled, and is waited for until its time is up. */
const CLEANUP_AFTER_STALL_MS = 45_000;

/**
 * One upload under its faults, and what is to be seen of it in the store and in the service.
 *
 * @param {FaultContext} context
 * @param {FaultCase} one
 * @returns {Promise<FaultResult>}
 */
export async function runFaultCase(context, one) {
  const stage = `case_${one.index}`;
  const key = await context.openStage(stage, NAME);
  const content = context.contents(one.bytes, one.name);
  const previous = one.hasPrevious ? context.contents(PREVIOUS_BYTES, one.name, 'previous') : undefined;
  const headers = await conditionOf(context, { one, key, previous });
  /** @type {Scene} */
  const scene = { ...context, one, stage, key, content, previous };

  context.proxy.arm(key, one.rules);
  const answer = await upload(scene, content, headers);
  await untilStruck(context.proxy, key);
  const { struck, seen } = context.proxy.lift(key);

  const violations = [
    ...(context.hasOwnRetries ? struckProblems(one, struck) : []),
    ...(await verdict(scene, answer)),
    ...(await recordProblems(scene, answer)),
    ...(await recoveryProblems(scene)),
    ...(await orphanProblems(scene)),
  ];
  return { one, answer, seen, violations };
}

/**
 * The server may answer first, and clean up then.
 * @param {FaultProxy} proxy
 * @param {string} key
 */
async function untilStruck(proxy, key) {
  const deadline = Date.now() + LATE_CALLS_MS;
  while (!proxy.hasStruck(key) && Date.now() < deadline) await delay(50);
}

/**
 * @param {Pick<FaultContext, 'store'>} context
 * @param {Pick<Scene, 'one' | 'key' | 'previous'>} upload
 * @returns {Promise<Record<string, string>>}
 */
async function conditionOf({ store }, { one, key, previous }) {
  const etag = previous === undefined ? undefined : await store.put(key, previous.bytes);
  if (one.condition === 'if-match') return { 'if-match': etag ?? '' };
  return one.condition === 'if-none-match' ? { 'if-none-match': '*' } : {};
}

/**
 * @param {Scene} scene
 * @param {Content} content
 * @param {Record<string, string>} [headers]
 */
function upload({ service, one, stage }, content, headers = {}) {
  return sendUpload(service, { shape: one.shape, stage, name: NAME, content, headers });
}

/**
 * A fault that never struck proves nothing. Where the retries are used up some calls are not made.
 * @param {FaultCase} one
 * @param {readonly number[]} struck
 */
function struckProblems({ rules }, struck) {
  return rules
    .filter((_rule, index) => struck[index] === 0)
    .map(({ call }) => `the fault at ${call} never struck`);
}

/**
 * @param {Scene} scene
 * @param {Answer} answer
 */
async function verdict({ store, one, key, content, previous }, answer) {
  const stored = await store.read(key);
  const isNew = isStored(stored, content);
  const isPrevious = previous === undefined ? stored === undefined : isStored(stored, previous);
  if (claimsSuccess(answer)) {
    return isNew
      ? []
      : [`false SUCCESS: the store has ${isPrevious ? 'the previous state' : 'something else'}`];
  }
  const problems = errorProblems(answer);
  if (one.fault === 'none') problems.push(`an error without a fault: ${textOf(answer)}`);
  if (!isPrevious && !isNew) problems.push('neither the previous object nor the new one is there whole');
  if (isNew && !isPrevious && !one.mayShow)
    problems.push(`the object was replaced in spite of ${answer.status}`);
  return problems;
}

/**
 * Where the service keeps a record of the upload, that says the same as the answer.
 * @param {Scene} scene
 * @param {Answer} answer
 */
async function recordProblems({ service }, answer) {
  const id = answer.headers['x-stagedoor-upload-id'];
  if (id === undefined) return [];
  const record = await service.json('GET', `/v1/uploads/${id}`);
  const expected = claimsSuccess(answer) ? 'SUCCESS' : 'FAILED';
  const state = record.body?.state ?? `status ${record.status}`;
  return state === expected ? [] : [`the record of an upload answered with ${answer.status} says ${state}`];
}

/**
 * The next upload succeeds, and LIST says what is true of it.
 * @param {Scene} scene
 */
async function recoveryProblems(scene) {
  const { store, key, contents, one } = scene;
  const content = contents(one.bytes, one.name, 'recovery');
  const answer = await upload(scene, content);
  if (!claimsSuccess(answer)) return [`failed recovery: ${textOf(answer)}`];
  const stored = await store.read(key);
  if (!isStored(stored, content)) return ['failed recovery: the store has something else'];
  return listingProblems(scene, content);
}

/**
 * Its size, and its md5 where that is not the store's ETag.
 * @param {Scene} scene
 * @param {Content} content
 */
async function listingProblems({ service, stage }, content) {
  const row = (await service.list(stage)).find(({ name }) => name === NAME);
  const isMd5 = /^[0-9a-f]{32}$/.test(row?.md5 ?? '');
  const isTrue = row?.size === content.size && (!isMd5 || row.md5 === content.md5);
  return isTrue ? [] : [`LIST says ${JSON.stringify(row)} of ${content.size} bytes with md5 ${content.md5}`];
}

/** @param {Scene} scene */
async function orphanProblems({ store, key, one }) {
  const deadline = Date.now() + (one.isLong ? CLEANUP_AFTER_STALL_MS : CLEANUP_MS);
  for (;;) {
    const ids = await store.unfinished(key);
    if (ids.length === 0) return [];
    if (Date.now() > deadline) return [`orphan: ${ids.length} unfinished uploads are left`];
    await delay(250);
  }
}
