import {
  ask,
  checkDisk,
  checkFile,
  expectStatus,
  checkAnswer,
  KIB,
  MIB,
  removeAll,
  STORED,
  upload,
  violate,
} from './disk-scene.mjs';
import { answered, textOf } from '../faults/faults-service.mjs';
import { inTurn } from '../support/in-turn.mjs';
import { Random } from '../support/random.mjs';
import { jsonOf } from '../support/stage-http.mjs';
import { formUpload } from '../support/upload-requests.mjs';

/** @import { RoundPlan, Scene, SceneFile } from './disk-scene.mjs' */
/** @import { Shape } from '../faults/faults-service.mjs' */

const UPLOADS_AT_ONCE = 8;
/** @type {readonly Shape[]} */
const SHAPES = ['raw', 'form'];

/**
 * The disk runs full in the middle of an upload: 507, what was there stays, nothing else does, then there is room.
 * @param {Scene} scene
 * @param {RoundPlan} plan
 */
export async function fullRound(scene, { seed, round }) {
  const random = new Random(seed, 'full', round);
  const shape = inTurn(SHAPES, round);
  const step = `round ${round} (${shape})`;
  /** @type {(name: string, size: number, word: string) => SceneFile} */
  const file = (name, size, word) => ({ name, shape, content: scene.contents(size, 'full', round, word) });
  await expectStatus(scene, `${step}, before`, STORED, file('f', random.between(1, 200 * KIB), 'before'));
  // Room from nothing at all to some mebibytes; the upload is larger by a byte or by much.
  scene.disk.fill(random.chance(0.2) ? 0 : random.below(8 * MIB));
  const excess = random.between(1, random.pick([100, 12 * MIB]));
  const large = file('f', scene.disk.free() + excess, 'large');
  await expectStatus(scene, `${step}, upload of ${large.content.size} bytes`, [507], large);
  checkDisk(scene, `${step}, after 507`);
  scene.disk.makeRoom();
  await expectStatus(scene, `${step}, small upload`, STORED, file('g', MIB, 'small'));
  await checkFile(scene, `${step}, previous file`, 'f');
  await expectStatus(scene, `${step}, with room`, STORED, file('f', 10 * MIB, 'after'));
  checkDisk(scene, `${step}, at the end`);
  await removeAll(scene, step);
}

/**
 * Many uploads fill the disk together: each answer is true, and with room all of them succeed.
 * @param {Scene} scene
 * @param {RoundPlan} plan
 */
export async function crowdedRound(scene, { seed, round }) {
  const random = new Random(seed, 'crowded', round);
  const step = `round ${round}`;
  const files = Array.from({ length: UPLOADS_AT_ONCE }, (_, index) => ({
    name: `f${index}`,
    content: scene.contents(random.between(4 * MIB, 10 * MIB), 'crowded', round, index),
    shape: inTurn(SHAPES, index),
  }));
  const previous = scene.contents(1000, 'crowded', round, 'previous');
  await upload(scene, `${step}, previous file`, { ...inTurn(files, 0), content: previous });
  const statuses = await Promise.all(files.map((file) => upload(scene, `${step}, ${file.name}`, file)));
  if (!statuses.includes(507)) violate(scene, step, `nobody met the end of the disk: ${statuses.join(' ')}`);
  checkDisk(scene, `${step}, after all`);
  for (const { name } of files) await checkFile(scene, `${step}, afterwards`, name);
  await removeAll(scene, step);
  for (const file of files.slice(0, 2)) await expectStatus(scene, `${step}, with room`, STORED, file);
  checkDisk(scene, `${step}, at the end`);
  await removeAll(scene, step);
}

/**
 * The disk ends amid a form of several files: the answer names those that were stored, and they alone are there.
 * @param {Scene} scene
 * @param {RoundPlan} plan
 */
export async function formRound(scene, { seed, round }) {
  const random = new Random(seed, 'form', round);
  const step = `round ${round}`;
  const { service, stage, known, contents } = scene;
  const files = Array.from({ length: UPLOADS_AT_ONCE }, (_, index) => ({
    name: `part${index}`,
    content: contents(random.between(4 * MIB, 8 * MIB), 'form', round, index),
  }));
  const answer = await answered(service.send(formUpload({ stage, files })));
  checkAnswer(scene, step, answer);
  if (answer.status !== 507) violate(scene, step, `not 507: ${textOf(answer)}`);
  const stored = jsonOf(answer)?.files ?? [];
  if (stored.length === 0) violate(scene, step, 'not one file of the form was stored');
  for (const { name, content } of files) if (stored.includes(name)) known.set(name, content);
  for (const { name } of files) await checkFile(scene, step, name);
  checkDisk(scene, step);
  await removeAll(scene, step);
  /** @type {SceneFile} */
  const small = { name: 'f', content: contents(MIB, 'form', round, 'small'), shape: 'form' };
  await expectStatus(scene, `${step}, with room`, STORED, small);
  await removeAll(scene, step);
}

/**
 * The disk becomes read-only under the server, and writable again.
 * @param {Scene} scene
 * @param {Pick<RoundPlan, 'round'>} plan
 */
export async function readOnlyRound(scene, { round }) {
  const step = `round ${round}`;
  const { stage, disk } = scene;
  /** @type {(name: string, shape: Shape, size: number) => SceneFile} */
  const file = (name, shape, size) => ({
    name,
    shape,
    content: scene.contents(size, 'ro', round, name, size),
  });
  await expectStatus(scene, `${step}, previous file`, STORED, file('f', 'raw', 5000));
  await disk.remount('ro');
  for (const [index, size] of [1, 100 * KIB, 3 * MIB].entries()) {
    const shape = inTurn(SHAPES, round + index);
    for (const name of ['f', `new${index}`]) {
      const status = await upload(scene, `${step}, ${shape} of ${size} bytes`, file(name, shape, size));
      if (status < 400) violate(scene, step, `status ${status} on a read-only disk`);
    }
  }
  const removal = await ask(scene, 'DELETE', `/v1/stages/${stage}/files/f`);
  if (checkAnswer(scene, `${step}, removal`, removal))
    violate(scene, step, 'a file was removed all the same');
  const listing = await ask(scene, 'GET', `/v1/stages/${stage}/files`);
  if (!checkAnswer(scene, `${step}, listing`, listing)) violate(scene, step, 'the files cannot be listed');
  checkDisk(scene, `${step}, read-only`);
  await disk.remount('rw');
  await expectStatus(scene, `${step}, writable again`, STORED, file('f', 'form', MIB));
  await removeAll(scene, step);
  checkDisk(scene, `${step}, at the end`);
}
