import { setTimeout as delay } from 'node:timers/promises';
import { tableRows } from '../../unit/documents/tables.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { StageClient } from '../support/stage-client.js';

const PAGE = 'docs/operate/logs.md';
const PASSWORD = 'secret-of-root';

/** Fields that this run does not write, and what would write them. */
const NOT_WRITTEN: Readonly<Record<string, string>> = {
  traceparent: 'a trusted proxy',
  traceId: 'traces: traces.spec.ts',
  check: 'a check of /ready that fails: readiness.spec.ts',
  ok: 'a check of /ready that fails: readiness.spec.ts',
  audit: 'AUDIT_LOG=on: audit-list.spec.ts',
  dropped: 'a collector that does not answer: traces.spec.ts',
  'error.code': 'an error of a library',
  'error.requestId': 'S3',
  'error.status': 'S3',
  'error.bucket': 'S3',
  'error.endpoint': 'S3',
  'error.errno': 'an error of a disk',
  'error.cause': 'an error of a library',
  'error.stack': 'an error of the server',
  stack: 'an error of the framework',
  isCut: 'a line that is too long',
  failure: 'a store that fails',
};

let folder: string;
let server: ServerProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(folder, {
    ROOT_PASSWORD: PASSWORD,
    LOG_LEVEL: 'debug',
    LOG_LEVEL_NAMES: 'on',
    MAX_REQUESTS_PER_USER: '100', // one more that waits for the end of each answer
  });
  await mixedRun(new StageClient(server.url, PASSWORD));
  await server.stop();
}, 60_000);

afterAll(async () => {
  await removeFolder(folder);
});

/** Uploads, downloads, statements and mistakes, a client without a password, and health checks. */
async function mixedRun(client: StageClient): Promise<void> {
  await client.createStage({ name: 'books' });
  await client.uploadBooks('books');
  await client.download('books', 'books.parquet');
  await client.listFiles('books');
  await client.send('/v1/stages/books/zip');
  await client.send('/v1/stages/books/files/none.csv');
  await client.send('/v1/stages/none');
  for (const sql of ['LIST @books', 'LIST @none']) {
    const headers = { 'content-type': 'application/json' };
    await client.send('/v1/query', { method: 'POST', headers, body: JSON.stringify({ sql }) });
  }
  await new StageClient(server.url, 'a wrong password').send('/v1/stages');
  for (const path of ['/health', '/ready', '/ready']) await fetch(`${server.url}${path}`);
  await delay(200);
}

function lines(): readonly Record<string, unknown>[] {
  const texts = server
    .logs()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return texts.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The paths of all fields, as `req.method`. */
function pathsIn(fields: Readonly<Record<string, unknown>>, above = ''): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const path = `${above}${name}`;
    const isGroup = typeof value === 'object' && value !== null && path !== 'error.cause';
    return isGroup ? pathsIn(value as Record<string, unknown>, `${path}.`) : [path];
  });
}

describe('the log of a mixed run', () => {
  it('has the fields of the page, and no other', async () => {
    const documented = (await tableRows(PAGE, ['field'])).flat();
    const written = new Set(lines().flatMap((line) => pathsIn(line)));
    expect([...written].filter((path) => !documented.includes(path))).toEqual([]);
    expect(documented.filter((path) => !written.has(path) && NOT_WRITTEN[path] === undefined)).toEqual([]);
  });

  it('has nothing but objects, a line each', () => {
    const others = server
      .logs()
      .split('\n')
      .filter((line) => !line.startsWith('{'));
    expect(others).toEqual(['']);
  });

  it('has levels by name, if asked for', () => {
    expect(new Set(lines().map(({ level }) => level))).toEqual(new Set(['debug', 'info']));
  });

  it('has an object wherever there is an error', () => {
    const errors = lines().flatMap(({ error }) => (error === undefined ? [] : [typeof error]));
    expect(errors.length).toBeGreaterThan(2);
    expect(new Set(errors)).toEqual(new Set(['object']));
  });

  it('shows a health check of each path, and says of how many it is one', () => {
    const shown = lines().filter(({ checks, level }) => checks !== undefined && level === 'info');
    const paths = shown.map(({ req }) => (req as { readonly url: string }).url);
    expect(paths.sort()).toEqual(['/health', '/ready']);
  });

  it('holds no password, right or wrong', () => {
    expect(server.logs()).not.toMatch(/secret-of-root|a wrong password/);
  });
});
