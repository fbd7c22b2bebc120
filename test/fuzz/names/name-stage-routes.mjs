/*
 * Every route that takes the name of a stage, or an id. A stage that can be made under a hostile
 * name is written to, listed and dropped, so that one which is not where it belongs shows.
 */
import { asItIs, CONTENT, escaped, sql } from './name-routes.mjs';

/** @import { NameClient } from './name-client.mjs' */
/** @import { HostileName } from './name-corpus.mjs' */
/** @import { Spelling } from './name-routes.mjs' */

/** @typedef {(client: NameClient, name: HostileName) => Promise<unknown>} StageRoute */

/** @param {string} text */
const identifier = (text) => `"${text.replace(/"/g, '""')}"`;

/**
 * @param {NameClient} client
 * @param {Pick<HostileName, 'bytes'>} name
 * @param {Spelling} spelling
 */
async function useStage(client, name, spelling) {
  const path = `/v1/stages/${spelling(name)}`;
  await client.send('PUT', `${path}/files/new.txt`, { body: CONTENT });
  await client.send('GET', `${path}/files/canary.txt`);
  await client.send('GET', `${path}/files`);
  await client.send('GET', path);
  await client.sendJson('PATCH', path, { comment: 'hostile' });
  await client.sendJson('POST', `${path}/presign`, { method: 'GET', path: 'canary.txt' });
  await client.send('DELETE', path);
}

/** @type {(route: string) => StageRoute[]} */
const lookupsOf = (route) => [
  (client, name) => client.send('GET', `/v1/${route}/${escaped(name)}`),
  (client, name) => client.send('GET', `/v1/${route}/${asItIs(name)}`),
];

/** @type {readonly StageRoute[]} */
export const STAGE_ROUTES = [
  (client, name) => useStage(client, name, escaped),
  (client, name) => useStage(client, name, asItIs),
  async (client, name) => {
    await client.sendJson('POST', '/v1/stages', { name: name.text });
    await useStage(client, name, escaped);
  },
  async (client, name) => {
    await client.sendJson('POST', '/v1/stages', { name: name.text, or_replace: true });
    await client.send('DELETE', `/v1/stages/${escaped(name)}`);
  },
  async (client, { text }) => {
    await sql(client, `CREATE STAGE ${identifier(text)}`);
    await sql(client, `LIST @${identifier(text)}`);
    await sql(client, `REMOVE @${identifier(text)}`);
    await sql(client, `DESC STAGE ${identifier(text)}`);
    await sql(client, `ALTER STAGE ${identifier(text)} SET COMMENT = 'hostile'`);
    await sql(client, `DROP STAGE ${identifier(text)}`);
  },
  (client, name) => client.send('GET', `/v1/stages?like=${escaped(name)}`),
  ...['uploads', 'presigned', 'query'].flatMap(lookupsOf),
];

/**
 * A stage at a place where none may be, if it can be made, is used and dropped.
 * @param {NameClient} client
 * @param {string} url
 */
export async function tryLocation(client, url) {
  await client.sendJson('POST', '/v1/stages', { name: 'misplaced', url, connection: {} });
  await useStage(client, { bytes: Buffer.from('misplaced') }, escaped);
}
