import { join } from 'node:path';

import { startBuiltServer } from '../../../scripts/lib/built-server.mjs';
import { smallDisk } from './disk-mount.mjs';
import {
  answered,
  claimsSuccess,
  contentsFrom,
  errorProblems,
  sendUpload,
  textOf,
} from '../faults/faults-service.mjs';
import { StageHttp } from '../support/stage-http.mjs';

/** @import { SmallDisk } from './disk-mount.mjs' */
/** @import { Contents, Shape } from '../faults/faults-service.mjs' */
/** @import { Content } from '../support/contents.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */

/** @typedef {{ seed: number, round: number }} RoundPlan */
/** @typedef {{ name: string, content: Content, shape: Shape }} SceneFile */
/**
 * @typedef {object} Scene
 * @property {Contents} contents
 * @property {SmallDisk} disk
 * @property {StageHttp} service
 * @property {string} stage
 * @property {Map<string, Content>} known what must be there, by its name
 * @property {Map<number, number>} statuses how often each was answered
 * @property {string[]} violations
 */

export const KIB = 1024;
export const MIB = 1024 * KIB;
const DISK_MEBIBYTES = 24;
const STAGE = 'shelf';
/**
 * The statuses of an upload that was stored: a raw one says whether the file is new.
 * @type {readonly number[]}
 */
export const STORED = [200, 201];

/**
 * A server whose files lie on a small disk, or its database too, and what is known of its files; `violations` gathers
 * what must not be.
 * @param {{ seed: number, withDatabase: boolean }} plan
 */
export async function openScene({ seed, withDatabase }) {
  const disk = smallDisk(DISK_MEBIBYTES);
  const place = withDatabase
    ? { DATA_DIR: disk.folder }
    : { INTERNAL_STORAGE_URL: `fs://${join(disk.folder, 'internal')}/` };
  const server = await startBuiltServer({
    LOG_LEVEL: 'silent',
    LEFTOVER_SWEEP_SECONDS: '1',
    DISK_MIN_FREE_MIB: '0',
    ...place,
  });
  const service = new StageHttp(`http://${server.host}`);
  await service.createStage({ name: STAGE });
  const contents = contentsFrom(seed);
  /** @type {Scene} */
  const scene = {
    contents,
    disk,
    service,
    stage: STAGE,
    known: new Map(),
    statuses: new Map(),
    violations: [],
  };
  const close = async () => {
    await disk.remount('rw');
    await server.stop();
    disk.close();
  };
  return { ...scene, close };
}

/**
 * @param {Scene} scene
 * @param {string} step
 * @param {string} problem
 */
export function violate(scene, step, problem) {
  scene.violations.push(`${step}: ${problem}`);
}

/**
 * Counts an answer; one that is no success must be a clear error. Says whether it was a success.
 * @param {Scene} scene
 * @param {string} step
 * @param {Answer} answer
 */
export function checkAnswer(scene, step, answer) {
  scene.statuses.set(answer.status, (scene.statuses.get(answer.status) ?? 0) + 1);
  if (answer.status >= 200 && answer.status < 300) return true;
  for (const problem of errorProblems(answer)) violate(scene, step, problem);
  return false;
}

/**
 * The answer to a request without a body.
 * @param {Scene} scene
 * @param {string} method
 * @param {string} path
 */
export function ask({ service }, method, path) {
  return answered(service.send({ method, path }));
}

/**
 * The answer to a request with JSON.
 * @param {Scene} scene
 * @param {string} path
 * @param {unknown} value
 */
export function askJson({ service }, path, value) {
  const body = Buffer.from(JSON.stringify(value));
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return answered(service.send({ method: 'POST', path, headers, pieces: [body] }));
}

/**
 * One upload; a success must be true at once, and a failure leaves what was there. Returns the answer's status.
 * @param {Scene} scene
 * @param {string} step
 * @param {SceneFile} file
 */
export async function upload(scene, step, { name, content, shape }) {
  const { service, stage, known } = scene;
  const answer = await sendUpload(service, { shape, stage, name, content });
  const succeeded = checkAnswer(scene, step, answer);
  if (succeeded && !claimsSuccess(answer)) violate(scene, step, `status ${answer.status} without SUCCESS`);
  if (succeeded) known.set(name, content);
  await checkFile(scene, step, name);
  return answer.status;
}

/**
 * @param {Scene} scene
 * @param {string} step
 * @param {readonly number[]} statuses
 * @param {SceneFile} file
 */
export async function expectStatus(scene, step, statuses, file) {
  const status = await upload(scene, step, file);
  const expected = statuses.join(' or ');
  if (!statuses.includes(status)) violate(scene, step, `status ${status} in place of ${expected}`);
}

/**
 * What is known of a file is what its download gives.
 * @param {Scene} scene
 * @param {string} step
 * @param {string} name
 */
export async function checkFile(scene, step, name) {
  const { stage, known } = scene;
  const expected = known.get(name);
  const answer = await ask(scene, 'GET', `/v1/stages/${stage}/files/${name}`);
  const isRight = expected === undefined ? answer.status === 404 : expected.equals(answer.bytes);
  if (!isRight) violate(scene, step, `${name} is not what was acknowledged: ${textOf(answer)}`);
}

/**
 * On the disk lie the known files, and nothing else: no temporary file either.
 * @param {Scene} scene
 * @param {string} step
 */
export function checkDisk(scene, step) {
  const files = scene.disk.files();
  const expected = [...scene.known.keys()]
    .map((name) => `internal/stage/internal/${scene.stage}/${name}`)
    .sort();
  if (JSON.stringify(files) !== JSON.stringify(expected)) {
    violate(scene, step, `the disk holds ${JSON.stringify(files)}, not ${JSON.stringify(expected)}`);
  }
}

/**
 * @param {Scene} scene
 * @param {string} step
 */
export async function removeAll(scene, step) {
  const { stage, known } = scene;
  const answer = await ask(scene, 'DELETE', `/v1/stages/${stage}/files?prefix=`);
  if (checkAnswer(scene, step, answer)) known.clear();
  else violate(scene, step, `the files could not be removed: ${answer.status}`);
}
