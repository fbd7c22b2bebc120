import { NameClient, jsonOf } from '../names/name-client.mjs';
import { keyFamily } from './key-corpus.mjs';
import { hasPlainText, isUtf8, KeyOracle, quoted } from './key-oracle.mjs';
import { KEY_ROUTES } from './key-routes.mjs';

/** @import { FormRandom } from '../forms/form-random.mjs' */
/** @import { FormServer } from '../forms/form-server.mjs' */
/** @import { StageOptions } from '../../chaos/support/stores.mjs' */

/**
 * A server with a stage to which somebody else writes. Names are byte strings.
 *
 * @typedef {object} KeyFixture
 * @property {string} name
 * @property {FormServer} server
 * @property {StageOptions} stage
 * @property {() => void} reset removes all that was written
 * @property {(name: string, content: string) => boolean} put says whether the store takes that name
 * @property {() => Map<string, string>} snapshot everything there, by its name
 * @property {() => Promise<void>} close
 */
/**
 * @typedef {object} KeyViolation
 * @property {string} route
 * @property {string} kind `another` where a request has acted on another object, `unreached` where it has not acted on the one
 *   that is meant, `count` or `answer`
 * @property {string} text
 */
/** @typedef {{ fixture: KeyFixture, client: NameClient, violations: KeyViolation[] }} KeyRun */

const PAIRS_A_ROUND = 10;
const ROUTES = Object.entries(KEY_ROUTES);

/**
 * Asks for names that somebody else has written, and for their twins that nobody has, by random routes, and looks after each
 * request at everything that is there.
 *
 * @param {KeyFixture} fixture stays open.
 * @param {{ seed: number, pairs: number }} options
 */
export async function fuzzKeys(fixture, { seed, pairs }) {
  /** @type {KeyViolation[]} */
  const violations = [];
  const client = new NameClient(fixture.server.port, [], (problem) =>
    note(violations, 'any', `answer: ${problem}`),
  );
  const made = await client.sendJson('POST', '/v1/stages', fixture.stage);
  if (made?.status !== 201) throw new Error(`the stage cannot be made: ${made?.bytes}`);
  let done = 0;
  try {
    for (let round = 0; done < pairs && fixture.server.child.exitCode === null; round++) {
      done += await tryFamily({ fixture, client, violations }, keyFamily(seed, round), pairs - done, round);
    }
    if (fixture.server.child.exitCode !== null) note(violations, 'any', 'answer: the server has ended');
  } finally {
    client.close();
  }
  return { pairs: done, violations };
}

/**
 * @param {KeyRun} run
 * @param {ReturnType<typeof keyFamily>} names
 * @param {number} left
 * @param {number} round
 */
async function tryFamily({ fixture, client, violations }, { random, family }, left, round) {
  const tools = { client, random, stage: fixture.stage.name };
  const names = family.map((name) => name.toString('latin1'));
  const contents = fill(fixture, names, random);
  const shown = await listedNames(tools);
  const oracle = new KeyOracle(fixture.snapshot(), shown);
  for (const problem of oracle.complaints(shown)) note(violations, 'GET', problem, round);
  const pairs = Math.min(left, PAIRS_A_ROUND);
  for (let pair = 0; pair < pairs; pair++) {
    const target = targetOf(oracle, random.pick(names), random);
    const [route, act] = random.pick(ROUTES);
    const { problems, mayGo = [], mustGo = [], removed } = await act({ ...tools, oracle }, target);
    const after = fixture.snapshot();
    const all = [
      ...problems,
      ...oracle.changes(after, { mayGo, mustGo }),
      ...miscounts(oracle, after, removed),
    ];
    for (const problem of all)
      note(violations, route, `${problem} (asked for ${quoted(target.text)})`, round);
    restore(fixture, { before: oracle.before, after, contents });
  }
  return pairs;
}

/**
 * Some of the names are there, and some are only asked for.
 *
 * @param {KeyFixture} fixture
 * @param {readonly string[]} names
 * @param {FormRandom} random
 * @returns their contents.
 */
function fill(fixture, names, random) {
  fixture.reset();
  /** @type {Map<string, string>} */
  const contents = new Map();
  for (const [index, name] of names.entries()) {
    if (!random.chance(0.65)) continue;
    const isMarker = name.endsWith('/') && random.chance(0.5) && hasPlainText(name);
    const content = isMarker ? '' : `#${index}#`.padEnd(10 + index, 'x'); // each of a length of its own
    if (fixture.put(name, content)) contents.set(name, content);
  }
  return contents;
}

/** @param {{ client: NameClient, stage: string }} tools */
async function listedNames({ client, stage }) {
  const answer = await client.send('GET', `/v1/stages/${stage}/files?limit=1000`);
  return jsonOf(answer)?.files?.map(({ name }) => name) ?? [];
}

/**
 * A name is written as it is listed, or sometimes by its bytes, which only a URL can hold where they are no UTF-8.
 * @param {KeyOracle} oracle
 * @param {string} name
 * @param {FormRandom} random
 */
function targetOf(oracle, name, random) {
  const listed = oracle.textFor(name);
  const isByBytes = random.chance(0.2) && oracle.meaning(listed) === name;
  if (!isByBytes) return { text: listed, bytes: Buffer.from(listed), isRaw: false };
  const bytes = Buffer.from(name, 'latin1');
  return isUtf8(name)
    ? { text: bytes.toString(), bytes, isRaw: false }
    : { text: listed, bytes, isRaw: true };
}

/**
 * Markers may count as files or not.
 * @param {KeyOracle} oracle
 * @param {ReadonlyMap<string, string>} after
 * @param {number | undefined} removed
 */
function miscounts(oracle, after, removed) {
  if (removed === undefined) return [];
  const gone = [...oracle.before.keys()].filter((name) => !after.has(name));
  const files = gone.filter((name) => !oracle.isMarker(name));
  if (removed === gone.length || removed === files.length) return [];
  return [`count: ${removed} are said to be removed, and ${gone.length} are gone`];
}

/**
 * @param {KeyFixture} fixture
 * @param {Record<'before' | 'after' | 'contents', ReadonlyMap<string, string>>} facts
 */
function restore(fixture, { before, after, contents }) {
  const isSame =
    after.size === before.size && [...before].every(([name, content]) => after.get(name) === content);
  if (isSame) return;
  fixture.reset();
  for (const [name, content] of contents) fixture.put(name, content);
}

/**
 * @param {KeyViolation[]} violations
 * @param {string} route
 * @param {string} problem
 * @param {number} [round]
 */
function note(violations, route, problem, round) {
  const at = problem.indexOf(':');
  violations.push({
    route,
    kind: problem.slice(0, at),
    text: `round ${round}, ${route}: ${problem.slice(at + 2)}`,
  });
}
