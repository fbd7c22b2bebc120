import { guess } from './lost-server-guesses.mjs';
import { TimedRequests } from './timed-requests.mjs';
import { ROOT_PASSWORD } from '../support/cluster/cluster.mjs';
import { withCluster } from '../support/cluster/with-cluster.mjs';
import { inTurn } from '../support/in-turn.mjs';

/** @import { Cluster } from '../support/cluster/cluster.mjs' */
/** @import { Login, Presigned, QueryPage } from './timed-requests.mjs' */
/** @import { ListPage } from '../support/stage-http.mjs' */

const FILES = 40;
const PAGE = 7;
const GUESSES_BEFORE = 30;
const GUESSES_AFTER = 60;
/** Guesses at one name that are compared within a minute, by all servers together. */
const MOST_COMPARED = 50;

/**
 * Kills the server with which everything has begun, and goes on with the others.
 *
 * @returns figures and `violations`.
 */
export function runLostServer() {
  return withCluster(loseOne);
}

/** @param {Cluster} cluster */
async function loseOne(cluster) {
  const clients = cluster.serverUrls.map((url) => new TimedRequests(url, ROOT_PASSWORD));
  const lost = inTurn(clients, 0);
  const others = clients.slice(1);
  // Under guesses at its name, only who was right before may come in: that each server knows for itself.
  for (const client of clients) await client.json('GET', '/v1/stages');
  const names = await uploaded(lost);
  const begun = await begin(lost);
  const guessed = await guess(cluster.serverUrls.slice(0, 1), GUESSES_BEFORE, 0);
  await cluster.killServer(0);
  const compared = await guess(cluster.serverUrls.slice(1), GUESSES_AFTER, GUESSES_BEFORE);
  const sessions = await sessionsGoOn(others, begun.authorization);
  const queried = await queryGoesOn(others, begun.query);
  const listed = await listGoesOn(others, begun.list);
  const { status } = await fetch(begun.presigned.replace(/^http:..[^/]*/, cluster.url));
  for (const client of clients) client.close();
  const violations = [];
  if (sessions < others.length)
    violations.push(`the session is good on ${sessions} of ${others.length} servers`);
  if (queried.names.join() !== names.join()) violations.push(`the pages of SQL have ${queried.names.join()}`);
  if (listed.names.join() !== names.join()) violations.push(`the pages of LIST have ${listed.names.join()}`);
  if (status !== 200) violations.push(`the presigned URL is answered ${status}`);
  const all = guessed.compared + compared.compared;
  if (guessed.compared !== GUESSES_BEFORE)
    violations.push(`${guessed.compared} guesses were compared at first`);
  if (all !== MOST_COMPARED) violations.push(`${all} guesses were compared in all`);
  const failures = guessed.failures.concat(compared.failures);
  if (failures.length > 0) violations.push(`guesses were answered ${failures.join()}`);
  const figures = {
    serversWithTheSession: sessions,
    pagesOfSqlAfterwards: queried.pages,
    pagesOfListAfterwards: listed.pages,
    presigned: status,
    guessesComparedBefore: guessed.compared,
    guessesComparedInAll: all,
    guessesRefused: guessed.refused + compared.refused,
  };
  return { figures, violations };
}

/** @param {TimedRequests} client */
async function uploaded(client) {
  await client.json('POST', '/v1/stages', { name: 'kept' });
  const names = Array.from({ length: FILES }, (_, index) => `${String(index).padStart(3, '0')}.csv`);
  for (const name of names) {
    const headers = { 'content-length': '1' };
    const path = `/v1/stages/kept/files/${name}`;
    await client.send({ method: 'PUT', path, headers, pieces: [Buffer.from('a')] });
  }
  return names;
}

/**
 * What others are to go on with.
 * @param {TimedRequests} client
 */
async function begin(client) {
  const login = /** @type {Login} */ (await client.json('POST', '/v1/session/login', {}));
  const statement = { sql: 'LIST @kept', pagination: { max_rows_per_page: PAGE } };
  const target = { method: 'GET', path: '000.csv' };
  const presigned = await client.json('POST', '/v1/stages/kept/presign', target);
  return {
    authorization: `Bearer ${login.tokens.session_token}`,
    query: /** @type {QueryPage} */ (await client.json('POST', '/v1/query', statement)),
    list: /** @type {ListPage} */ (await client.json('GET', `/v1/stages/kept/files?limit=${PAGE}`)),
    presigned: /** @type {Presigned} */ (presigned).url,
  };
}

/**
 * On how many servers a session of the lost one is good.
 *
 * @param {readonly TimedRequests[]} clients
 * @param {string} authorization
 */
async function sessionsGoOn(clients, authorization) {
  const results = await Promise.allSettled(
    clients.map((client) => client.rows('SELECT 1', PAGE, { authorization })),
  );
  return results.filter(({ status }) => status === 'fulfilled').length;
}

/**
 * @param {readonly TimedRequests[]} clients
 * @param {QueryPage} first
 */
async function queryGoesOn(clients, first) {
  const names = first.data.map(([name]) => name);
  let pages = 0;
  for (let uri = first.next_uri; uri !== null; pages += 1) {
    const page = /** @type {QueryPage} */ (await inTurn(clients, pages).json('GET', uri));
    names.push(...page.data.map(([name]) => name));
    uri = page.next_uri;
  }
  return { names, pages };
}

/**
 * @param {readonly TimedRequests[]} clients
 * @param {ListPage} first
 */
async function listGoesOn(clients, first) {
  const names = first.files.map(({ name }) => name);
  let pages = 0;
  for (let cursor = first.next_cursor; cursor !== null; pages += 1) {
    const wanted = new URLSearchParams({ limit: String(PAGE), cursor });
    const answer = await inTurn(clients, pages).json('GET', `/v1/stages/kept/files?${wanted}`);
    const page = /** @type {ListPage} */ (answer);
    names.push(...page.files.map(({ name }) => name));
    cursor = page.next_cursor;
  }
  return { names, pages };
}
