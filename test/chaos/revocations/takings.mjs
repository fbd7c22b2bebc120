import { ask, basic, run } from './person.mjs';

/**
 * A right of a user, and how it is taken away.
 *
 * @typedef {object} Taking
 * @property {string} name
 * @property {(place: Place) => Promise<Probe>} give makes the user and the right
 * @property {(place: Place) => Promise<unknown>} take
 * @property {readonly number[]} after statuses that are right from then on
 */
/** @typedef {(url: string) => Promise<number>} Probe asks a server for what the right gives; resolves with the status */
/**
 * @typedef {object} Place
 * @property {string} giver the server that gives
 * @property {string} taker the server that takes away
 * @property {string} root authorization of root
 */

export const STAGE = 'guarded';
export const FILE = 'kept.csv';
const USER = 'somebody';
const ROLE = 'somerole';
const PASSWORD = 'of somebody';
const FILE_PATH = `/v1/stages/${STAGE}/files/${FILE}`;
const UNKNOWN_STAGE = [404];
const OUT = [401];
/** From then on it is a wrong password like any other, and this harness sends many. */
const OUT_OR_THROTTLED = [401, 429];
const URL_ENDED = [403];

/** @type {readonly Taking[]} */
export const TAKINGS = [
  {
    name: 'REVOKE from a user',
    give: async (place) => {
      await newUser(place);
      await run(place.giver, place.root, `GRANT READ ON STAGE ${STAGE} TO ${USER}`);
      return readsAs(basic(USER, PASSWORD));
    },
    take: ({ taker, root }) => run(taker, root, `REVOKE READ ON STAGE ${STAGE} FROM ${USER}`),
    after: UNKNOWN_STAGE,
  },
  {
    name: 'REVOKE ROLE',
    give: async (place) => {
      await newUser(place);
      await throughRole(place);
      return readsAs(basic(USER, PASSWORD));
    },
    take: ({ taker, root }) => run(taker, root, `REVOKE ROLE ${ROLE} FROM ${USER}`),
    after: UNKNOWN_STAGE,
  },
  {
    name: 'DROP ROLE',
    give: async (place) => {
      await newUser(place);
      await throughRole(place);
      return readsAs(basic(USER, PASSWORD));
    },
    take: ({ taker, root }) => run(taker, root, `DROP ROLE ${ROLE}`),
    after: UNKNOWN_STAGE,
  },
  {
    name: 'a presigned URL after REVOKE',
    give: async (place) => {
      await newUser(place);
      await run(place.giver, place.root, `GRANT READ ON STAGE ${STAGE} TO ${USER}`);
      const answer = await ask(place.giver, `/v1/stages/${STAGE}/presign`, {
        authorization: basic(USER, PASSWORD),
        method: 'POST',
        json: { method: 'GET', path: FILE },
      });
      const { pathname } = new URL(answer.body.url);
      return async (url) => (await ask(url, pathname)).status;
    },
    take: ({ taker, root }) => run(taker, root, `REVOKE READ ON STAGE ${STAGE} FROM ${USER}`),
    after: URL_ENDED,
  },
  {
    name: 'a disabled user',
    give: async (place) => {
      await newUser(place);
      return signsInAs(basic(USER, PASSWORD));
    },
    take: ({ taker, root }) => run(taker, root, `ALTER USER ${USER} WITH DISABLED = true`),
    after: OUT,
  },
  {
    name: 'a dropped user',
    give: async (place) => {
      await newUser(place);
      return signsInAs(basic(USER, PASSWORD));
    },
    take: ({ taker, root }) => run(taker, root, `DROP USER ${USER}`),
    after: OUT_OR_THROTTLED,
  },
  {
    name: 'a session after another password',
    give: async (place) => {
      await newUser(place);
      const login = { authorization: basic(USER, PASSWORD), method: 'POST', json: {} };
      const { body } = await ask(place.giver, '/v1/session/login', login);
      return signsInAs(`Bearer ${body.tokens.session_token}`);
    },
    take: ({ taker, root }) => run(taker, root, `ALTER USER ${USER} IDENTIFIED BY 'quite another one'`),
    after: OUT,
  },
  {
    name: 'a revoked token',
    give: async (place) => signsInAs(`Bearer ${await newToken(place)}`),
    take: revokeTokens,
    after: OUT,
  },
  {
    name: 'a revoked token as a password',
    give: async (place) => signsInAs(basic(USER, await newToken(place))),
    take: revokeTokens,
    after: OUT_OR_THROTTLED,
  },
];

/** @param {Place} place */
async function newUser({ giver, root }) {
  await run(giver, root, `CREATE OR REPLACE USER ${USER} IDENTIFIED BY '${PASSWORD}'`);
}

/** @param {Place} place */
async function newToken(place) {
  await newUser(place);
  const authorization = basic(USER, PASSWORD);
  const { body } = await ask(place.giver, '/v1/tokens', {
    authorization,
    method: 'POST',
    json: { name: 'of a pipeline' },
  });
  return body.token;
}

/** @param {Place} place */
function revokeTokens({ taker, root }) {
  return ask(taker, `/v1/users/${USER}/tokens`, { authorization: root, method: 'DELETE' });
}

/** @param {Place} place */
async function throughRole({ giver, root }) {
  await run(giver, root, `CREATE ROLE IF NOT EXISTS ${ROLE}`);
  await run(giver, root, `GRANT READ ON STAGE ${STAGE} TO ROLE ${ROLE}`);
  await run(giver, root, `GRANT ROLE ${ROLE} TO ${USER}`);
}

/**
 * @param {string} authorization
 * @returns {Probe}
 */
function readsAs(authorization) {
  return async (url) => (await ask(url, FILE_PATH, { authorization })).status;
}

/**
 * @param {string} authorization
 * @returns {Probe}
 */
function signsInAs(authorization) {
  return async (url) => (await ask(url, '/v1/stages', { authorization })).status;
}
