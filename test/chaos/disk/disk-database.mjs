import {
  ask,
  askJson,
  checkFile,
  expectStatus,
  checkAnswer,
  KIB,
  MIB,
  removeAll,
  STORED,
  violate,
} from './disk-scene.mjs';
import { textOf } from '../faults/faults-service.mjs';
import { Random } from '../support/random.mjs';

/** @import { RoundPlan, Scene } from './disk-scene.mjs' */
/** @import { Shape } from '../faults/faults-service.mjs' */
/** @import { Answer } from '../support/exchange.mjs' */

/** @type {readonly Shape[]} */
const SHAPES = ['raw', 'form'];
const STORED_OR_FULL = [...STORED, 507];
const SIZES = [1, 100 * KIB, MIB];

/**
 * The database lies on the same full disk: whatever is asked, the answer is clear and true, and with room all works.
 * @param {Scene} scene
 * @param {RoundPlan} plan
 */
export async function databaseRound(scene, { seed, round }) {
  const random = new Random(seed, 'database', round);
  const step = `round ${round}`;
  /** @type {(name: string, size: number, shape: Shape) => import('./disk-scene.mjs').SceneFile} */
  const file = (name, size, shape) => ({
    name,
    shape,
    content: scene.contents(size, 'db', round, name, size),
  });
  await expectStatus(scene, `${step}, previous file`, STORED, file('f', 5000, 'raw'));
  // Mostly not a byte; else some pages, which are used up on the way.
  scene.disk.fill(random.chance(0.6) ? 0 : random.below(64 * KIB));
  await askEverything(scene, `${step}, full`, `${round}_full`);
  const small = SHAPES.flatMap((shape) => SIZES.map((size) => file(`${shape}${size}`, size, shape)));
  await Promise.all(
    small.map((one) => expectStatus(scene, `${step}, full, ${one.name}`, STORED_OR_FULL, one)),
  );
  await expectStatus(scene, `${step}, full, previous file`, STORED_OR_FULL, file('f', 2 * MIB, 'form'));
  await checkFile(scene, `${step}, full`, 'f');
  scene.disk.fill(random.below(3 * MIB));
  await expectStatus(scene, `${step}, full in the middle`, [507], file('f', 4 * MIB, 'raw'));
  scene.disk.makeRoom();
  await expectStatus(scene, `${step}, with room`, STORED, file('g', MIB, 'form'));
  for (const [what, answer] of await askEverything(scene, `${step}, with room`, `${round}_room`)) {
    if (answer.status >= 400) violate(scene, step, `with room, ${what}: ${textOf(answer)}`);
  }
  await removeAll(scene, step);
}

/**
 * What needs the database or the disk, for reading and for writing; none of it may be a bare failure.
 * @param {Scene} scene
 * @param {string} step
 * @param {string} mark
 */
async function askEverything(scene, step, mark) {
  /** @param {string} sql */
  const query = (sql) => () => askJson(scene, '/v1/query', { sql });
  // A comment that takes more pages than are left over in the database's files.
  const comment = 'x'.repeat(9000);
  const requests = {
    'the stages': () => ask(scene, 'GET', '/v1/stages'),
    'the files': () => ask(scene, 'GET', `/v1/stages/${scene.stage}/files`),
    login: () => askJson(scene, '/v1/session/login', {}),
    LIST: query(`LIST @${scene.stage}`),
    'CREATE STAGE': query(`CREATE STAGE s_${mark} COMMENT = '${comment}'`),
    'DROP STAGE': query(`DROP STAGE IF EXISTS s_${mark}`),
    'a new stage': () => askJson(scene, '/v1/stages', { name: `r_${mark}`, comment }),
  };
  /** @type {[string, Answer][]} */
  const answers = [];
  for (const [what, request] of Object.entries(requests)) {
    const answer = await request();
    checkAnswer(scene, `${step}, ${what}`, answer);
    answers.push([what, answer]);
  }
  await checkStage(scene, step, { name: `r_${mark}`, creation: answers.at(-1)?.[1] });
  return answers;
}

/**
 * A stage is there where its creation was acknowledged.
 * @param {Scene} scene
 * @param {string} step
 * @param {{ name: string, creation: Answer | undefined }} stage
 */
async function checkStage(scene, step, { name, creation }) {
  const { status } = await ask(scene, 'GET', `/v1/stages/${name}`);
  const expected = creation?.status === 201 ? 200 : 404;
  if (status !== expected)
    violate(scene, step, `stage ${name}: created ${creation?.status}, asked ${status}`);
}
