/** @typedef {{ authorization?: string }} Credentials */

/**
 * A request to one server.
 *
 * @param {string} url of the server
 * @param {string} path
 * @param {Credentials & { method?: string, json?: unknown, body?: string }} [options]
 */
export async function ask(url, path, { authorization, method = 'GET', json, body } = {}) {
  const headers = {
    ...(authorization === undefined ? {} : { authorization }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const content = json === undefined ? body : JSON.stringify(json);
  const options = { method, headers, ...(content === undefined ? {} : { body: content }) };
  const response = await fetch(new URL(path, url), options);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : parsed(text) };
}

/**
 * Runs a statement.
 *
 * @param {string} url
 * @param {string} authorization
 * @param {string} sql
 * @throws an error that names the statement, if it fails
 */
export async function run(url, authorization, sql) {
  const { status, body } = await ask(url, '/v1/query', { authorization, method: 'POST', json: { sql } });
  const error = status === 200 ? body.error : body;
  if (error !== null) throw new Error(`${sql}: ${status} ${JSON.stringify(error)}`);
  return body;
}

/**
 * @param {string} name
 * @param {string} password
 */
export function basic(name, password) {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
