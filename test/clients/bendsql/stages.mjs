import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';

// Does with bendsql what its documentation does with stages: `node stages.mjs <host:port> <user> <password> <bendsql> <empty folder>`.
// Anybody but root finds the stages of scripts/lib/clients-people.mjs, and may do with them what was granted.
const [server = '', user = '', password = '', bendsql = '', folder = ''] = process.argv.slice(2);
const [host = '', port = ''] = server.split(':');
const BOOKS = join(import.meta.dirname, '../../fixtures/books.parquet');

/**
 * @param {readonly string[]} args
 * @param {string} [input]
 * @param {readonly [string, ...string[]]} [command]
 */
async function run(args, input, [file, ...before] = [bendsql]) {
  const secret = password === '' ? {} : { BENDSQL_PASSWORD: password };
  const env = { PATH: process.env['PATH'], HOME: folder, TERM: 'dumb', ...secret };
  const connection = ['--host', host, '--port', port, '--user', user];
  const child = spawn(file, [...before, ...connection, ...args], { env, cwd: folder });
  const exit = once(child, 'close');
  const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
  child.stdin.end(input);
  const [code] = await exit;
  return { code, stdout: await stdout, stderr: await stderr };
}

/**
 * The rows that statements answer with, as their cells.
 *
 * @param {...string} statements
 */
async function rows(...statements) {
  const { code, stdout, stderr } = await run([], `${statements.join(';\n')};\n`);
  assert.equal(code, 0, stderr);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')]));
}

/** @param {string} statement */
async function names(statement) {
  return (await rows(statement)).map(([name]) => name);
}

/**
 * @param {string} statement
 * @param {RegExp} pattern
 */
async function fails(statement, pattern) {
  const { code, stdout, stderr } = await run([], `${statement};\n`);
  assert.notEqual(code, 0, statement);
  assert.match(`${stdout}\n${stderr}`, pattern);
  console.log(`ok: ${statement} is refused with ${pattern}`);
}

/**
 * @param {string} what
 * @param {unknown} got
 * @param {unknown} want
 */
function check(what, got, want) {
  assert.deepEqual(got, want, what);
  console.log(`ok: ${what}`);
}

async function stages() {
  const [[version = ''] = []] = await rows('SELECT version()');
  check('version', version.startsWith('Databend Query v'), true);
  await rows('CREATE OR REPLACE STAGE bend', 'CREATE STAGE IF NOT EXISTS bend');
  check('SHOW STAGES', await names("SHOW STAGES LIKE 'bend'"), ['bend']);
  check('DESC STAGE', await names('DESC STAGE bend'), ['bend']);
}

async function transfer() {
  const out = join(folder, 'out');
  const local = join(folder, 'local');
  mkdirSync(local);
  const files = ['a.parquet', 'b.parquet', 'my file.parquet', "it's 100% #1?.parquet", 'größe.parquet'];
  for (const name of files) cpSync(BOOKS, join(local, name));
  writeFileSync(join(local, 'other.csv'), '1,one\n');
  const statuses = await rows(`PUT fs://${local}/*.parquet @bend/dir/`);
  check(
    'PUT tells of each file',
    statuses.map(([, status]) => status),
    files.map(() => 'SUCCESS'),
  );
  const listed = files.map((name) => `dir/${name}`).sort();
  check('PUT and LIST', (await names('LIST @bend')).sort(), listed);
  await rows(`PUT fs://${local}/*.csv @bend`, `PUT fs://${local}/*.csv @~/bend`);
  check('PUT without a directory', await names('LIST @bend/other'), ['other.csv']);
  check("PUT to the user's own stage", await names('LIST @~/bend/'), ['bend/other.csv']);

  const got = await rows(`GET @bend/dir fs://${out}/dir/`);
  check(
    'GET tells of each file',
    got.map(([, status]) => status),
    files.map(() => 'SUCCESS'),
  );
  check('GET of a directory', readdirSync(join(out, 'dir')).sort(), [...files].sort());
  for (const name of files) assert(readFileSync(join(out, 'dir', name)).equals(readFileSync(BOOKS)), name);
  await rows(`GET @bend fs://${out}/all/`);
  check('GET of a whole stage', readdirSync(join(out, 'all')).sort(), ['dir', 'other.csv']);

  check('LIST with a PATTERN', await names("LIST @bend PATTERN = '.*[.]csv'"), ['other.csv']);
  const [[count] = []] = await rows("SELECT count(*) FROM list_stage(location => '@bend/dir/')");
  check('list_stage', count, String(files.length));
  await rows('REMOVE @bend/dir/', 'REMOVE @~/bend/');
  check('REMOVE', await names('LIST @bend'), ['other.csv']);
}

async function transferByPresignedUrls() {
  for (const presign of ['on', 'detect']) {
    const put = `PUT fs://${folder}/local/a.parquet @bend/${presign}/;`;
    const { code, stdout, stderr } = await run(['--set', `presign=${presign}`], put);
    assert.equal(code, 0, stderr);
    check(`PUT with presign=${presign}`, stdout.split('\t')[1], 'SUCCESS');
    check('and LIST', await names(`LIST @bend/${presign}/`), [`${presign}/a.parquet`]);
  }
}

async function grants() {
  check('the user', await names('SELECT current_user()'), [`'${user}'@'%'`]);
  check('only what is granted is shown', await names('SHOW STAGES'), ['readable']);
  check('LIST of a readable stage', await names('LIST @readable'), ['seen.csv']);
  const got = await rows(`GET @readable fs://${folder}/readable/`);
  check(
    'GET of it',
    [got[0]?.[1], readFileSync(join(folder, 'readable/seen.csv'), 'utf8')],
    ['SUCCESS', '1,one\n2,zwei\n'],
  );
  for (const presign of ['on', 'off', 'detect']) {
    const put = `PUT fs://${folder}/local/a.parquet @readable;`;
    const { code, stdout } = await run(['--set', `presign=${presign}`], put);
    check(`PUT is refused with presign=${presign}`, code !== 0 || !stdout.includes('SUCCESS'), true);
  }
  check('nothing was uploaded', await names('LIST @readable'), ['seen.csv']);
  await fails('REMOVE @readable', /1063/);
  await fails('DROP STAGE readable', /1063/);
  await fails('LIST @hidden', /2501/);
  await fails("CREATE USER eve IDENTIFIED BY 'of nobody'", /1063/);
}

async function start() {
  const { code, stdout, stderr } = await run(['--check']);
  check('--check', code, 0);
  assert.match(stdout, /Server version: Databend Query v/);
  assert.match(stdout, /Backend storage OK: 127\.0\.0\.1/);
  assert.match(stderr, /only community features enabled/);

  // The REPL is there on a terminal alone.
  /** @type {[string, ...string[]]} */
  const terminal = ['python3', '-c', 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]))', bendsql];
  const repl = await run([], 'SHOW STAGES;\nexit\n', terminal);
  assert.match(repl.stdout, /Connected to Databend Query v/);
  assert.doesNotMatch(repl.stdout, /auto complete keywords failed/);
  assert.match(repl.stdout, /bend/);
  console.log('ok: the REPL starts, and knows where it is');
}

await stages();
await transfer();
await transferByPresignedUrls();
await start();
await fails('LIST @nowhere', /2501/);
await fails('CREATE STAGE bend', /2502/);
await fails('creat stage x', /1005/);
await fails('CREATE TABLE t (a INT)', /stage/i);
await rows('DROP STAGE bend');
check('DROP STAGE', await names("SHOW STAGES LIKE 'bend'"), []);
if (user !== 'root') await grants();
