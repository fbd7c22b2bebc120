import { NameClient } from './name-client.mjs';
import { FILE_ROUTES } from './name-routes.mjs';
import { STAGE_ROUTES, tryLocation } from './name-stage-routes.mjs';

/** @import { StageOptions } from '../../chaos/support/stores.mjs' */
/** @import { FormServer } from '../forms/form-server.mjs' */
/** @import { HostileName } from './name-corpus.mjs' */

/**
 * A server with stages, and canaries all around them.
 *
 * @typedef {object} NameFixture
 * @property {string} name
 * @property {FormServer} server
 * @property {readonly string[]} secrets what only canaries hold
 * @property {readonly StageOptions[]} stages
 * @property {readonly string[]} locations where no stage may be
 * @property {() => void} prepare before each request
 * @property {() => Promise<string[]>} outside everything outside of the stages, a line each
 * @property {() => Promise<void>} close
 */

const MAX_VIOLATIONS = 20;
const STAGES = ['target', 'ext'];

/**
 * Sends hostile names to every route of a server, and looks after each name at everything outside of the stages.
 *
 * @param {NameFixture} fixture stays open.
 * @param {readonly HostileName[]} names
 */
export async function fuzzNames(fixture, names) {
  /** @type {string[]} */
  const violations = [];
  let current = '';
  const report = (/** @type {string} */ problem) =>
    violations.push(`${fixture.name}, ${current}: ${problem}`);
  const client = new NameClient(fixture.server.port, fixture.secrets, report);
  await makeStages(client, fixture.stages);
  const look = await outsideWatcher(fixture, report);
  try {
    for (const url of fixture.locations) {
      current = `location ${url}`;
      await tryLocation(client, url);
      await look();
    }
    for (const name of names) {
      current = `name ${JSON.stringify(name.bytes.toString('latin1')).slice(0, 120)}`;
      await tryName(client, fixture, name);
      await look();
      if (violations.length >= MAX_VIOLATIONS || fixture.server.child.exitCode !== null) break;
    }
    if (fixture.server.child.exitCode !== null) report('the server has ended');
  } finally {
    client.close();
  }
  return { names: names.length, requests: client.requests, statuses: client.statuses, violations };
}

/**
 * A file goes in by the service first, so that its folders are there before the first look.
 * @param {NameClient} client
 * @param {readonly StageOptions[]} stages
 */
async function makeStages(client, stages) {
  for (const stage of stages) {
    const answer = await client.sendJson('POST', '/v1/stages', stage);
    if (answer?.status !== 201) throw new Error(`${stage.name} cannot be made: ${answer?.bytes}`);
  }
  for (const stage of [...STAGES, '~']) {
    await client.send('PUT', `/v1/stages/${stage}/files/dir/inside.txt`, { body: Buffer.from('inside') });
  }
}

/**
 * @param {NameClient} client
 * @param {NameFixture} fixture
 * @param {HostileName} name
 */
async function tryName(client, fixture, name) {
  const onFiles = STAGES.map(async (stage) => {
    for (const route of FILE_ROUTES) {
      fixture.prepare();
      await route(client, stage, name);
    }
  });
  await Promise.all([...onFiles, tryStageName(client, fixture, name)]);
}

/**
 * The name of a stage that is there is no hostile one.
 * @param {NameClient} client
 * @param {Pick<NameFixture, 'stages'>} fixture
 * @param {HostileName} name
 */
async function tryStageName(client, { stages }, name) {
  if (name.text === '~' || stages.some((stage) => stage.name === name.text)) return;
  for (const route of STAGE_ROUTES) await route(client, name);
}

/**
 * @param {Pick<NameFixture, 'outside'>} fixture
 * @param {(problem: string) => void} report
 * @returns a function that reports what has changed since it was last called.
 */
async function outsideWatcher(fixture, report) {
  let before = new Set(await fixture.outside());
  return async () => {
    const after = new Set(await fixture.outside());
    for (const line of after) if (!before.has(line)) report(`outside there is now ${line}`);
    for (const line of before) if (!after.has(line)) report(`outside there is no longer ${line}`);
    before = after;
  };
}
