export const ROOT_PASSWORD = 'secret';
const PLAIN_USER = 'ann';
// databend-go encodes a space twice.
const PLAIN_PASSWORD = 'of-ann:alone';

/** @typedef {{ label: string, user: string, password: string }} Account */

/**
 * Gives a server a plain user with a role that may create stages, and two stages: `readable` with one file, which the role may read,
 * and `hidden`, of which it may know nothing.
 *
 * @param {string} host
 * @param {string} rootPassword
 * @returns {Promise<readonly Account[]>} root, the plain user, and the same user by an API token in place of the password
 */
export async function createPeople(host, rootPassword) {
  const root = { user: 'root', password: rootPassword };
  for (const statement of [
    'CREATE ROLE loader',
    'GRANT CREATE STAGE ON *.* TO ROLE loader',
    `CREATE USER ${PLAIN_USER} IDENTIFIED BY '${PLAIN_PASSWORD}' WITH DEFAULT_ROLE = 'loader'`,
    `GRANT ROLE loader TO ${PLAIN_USER}`,
    'CREATE STAGE readable',
    'CREATE STAGE hidden',
    'GRANT READ ON STAGE readable TO ROLE loader',
  ]) {
    const { error } = await send(host, root, 'POST', '/v1/query', { sql: statement });
    if (error) throw new Error(`${statement}: ${error.message}`);
  }
  await send(host, root, 'PUT', '/v1/stages/readable/files/seen.csv', '1,one\n2,zwei\n');
  const plain = { user: PLAIN_USER, password: PLAIN_PASSWORD };
  const { token } = await send(host, plain, 'POST', '/v1/tokens', { name: 'clients' });
  return [
    { label: 'root', ...root },
    { label: 'a plain user', ...plain },
    { label: 'a plain user by a token', user: PLAIN_USER, password: token },
  ];
}

/**
 * @param {string} host
 * @param {Pick<Account, 'user' | 'password'>} account
 * @param {string} method
 * @param {string} path
 * @param {string | object} content a file, or a body of JSON
 */
async function send(host, { user, password }, method, path, content) {
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const isFile = typeof content === 'string';
  const answer = await fetch(`http://${host}${path}`, {
    method,
    headers: isFile ? headers : { ...headers, 'content-type': 'application/json' },
    body: isFile ? content : JSON.stringify(content),
  });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${body}`);
  return JSON.parse(body);
}
