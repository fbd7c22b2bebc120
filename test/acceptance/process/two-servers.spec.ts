import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { QueryClient } from '../support/query-client.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { expectBooksIn, readBooks, StageClient } from '../support/stage-client.js';

const FILES = 25;
const PAGE = 10;

interface Login {
  readonly tokens: { readonly session_token: string };
}

describe('two servers on one database', () => {
  let folder: string;
  let servers: readonly [ServerProcess, ServerProcess];
  let one: QueryClient;
  let other: QueryClient;

  beforeAll(async () => {
    folder = await temporaryFolder();
    // Each has a folder of its own: what they share is named.
    const shared = {
      DATABASE_URL: `sqlite:${join(folder, 'shared.db')}`,
      INTERNAL_STORAGE_URL: `fs://${join(folder, 'internal')}/`,
      CONNECTION_KEY: randomBytes(32).toString('base64'),
    };
    // At once, on a database that is not there yet: one of them makes the tables.
    servers = await Promise.all([
      startServer(join(folder, 'a'), shared),
      startServer(join(folder, 'b'), shared),
    ]);
    [one, other] = [new QueryClient(servers[0].url), new QueryClient(servers[1].url)];
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await removeFolder(folder);
  });

  it('a result that was begun on one pages to its end on the other', async () => {
    await one.rows('CREATE STAGE paged');
    const names = Array.from({ length: FILES }, (_, i) => `file-${String(i).padStart(2, '0')}`);
    const root = join(folder, 'internal/stage/internal/paged');
    await mkdir(root, { recursive: true });
    for (const name of names) await writeFile(join(root, name), 'a');

    const first = await one.start('LIST @paged', PAGE);
    const seen = first.data.map(([name]) => name);
    expect(seen).toEqual(names.slice(0, PAGE));
    let pages = 1;
    for (let uri = first.next_uri; uri !== null; pages += 1) {
      // In turns, and the first time on the other one.
      const answer = await (pages % 2 === 1 ? other : one).page(uri);
      expect(answer).toMatchObject({ id: first.id, error: null, schema: first.schema });
      seen.push(...answer.data.map(([name]) => name));
      uri = answer.next_uri;
    }
    expect(seen).toEqual(names);
    expect(pages).toBeGreaterThanOrEqual(FILES / PAGE);
  });

  it('a stage that was created on one is there on the other', async () => {
    await one.rows('CREATE STAGE common');
    const [row] = await other.rows("SHOW STAGES LIKE 'common'");
    expect(row?.[0]).toBe('common');
  });

  it('a statement that was sent to one does not run again on the other', async () => {
    const id = { 'x-databend-query-id': randomBytes(16).toString('hex') };
    const statement = { sql: 'CREATE STAGE once' };
    for (const server of [one, other]) {
      const answer = await server.post('/v1/query', statement, id);
      expect(await answer.json()).toMatchObject({ error: null });
    }
  });

  it('a session token of one is good on the other, until either ends it', async () => {
    const login = (await (await one.post('/v1/session/login', {})).json()) as Login;
    const [here, there] = [one, other].map((server) => server.withToken(login.tokens.session_token));
    expect(await there?.rows('SELECT 1')).toEqual([['1']]);
    expect((await here?.post('/v1/session/logout', {}))?.status).toBe(200);
    for (const server of [here, there]) {
      expect((await server?.post('/v1/query', { sql: 'SELECT 1' }))?.status).toBe(401);
    }
  });

  it('a presigned URL of one is good on the other', async () => {
    await one.rows('CREATE STAGE signed');
    const [row = []] = await one.rows('PRESIGN UPLOAD @signed/books.parquet');
    const url = new URL(row[2] ?? '');
    expect(url.origin).toBe(servers[0].url);
    const elsewhere = `${servers[1].url}${url.pathname}${url.search}`;
    const answer = await fetch(elsewhere, { method: 'PUT', body: new Uint8Array(await readBooks()) });
    expect(answer.status).toBe(200);
    await expectBooksIn(new StageClient(servers[0].url), 'signed');
  });
});
