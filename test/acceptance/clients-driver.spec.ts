import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWithDriver, namesOf, valuesOf, type DriverConnection } from './support/databend-driver.js';
import { recordingProxy } from './support/recording-proxy.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, FIXTURES_FOLDER, readBooks, StageClient } from './support/stage-client.js';

const LIST_COLUMNS = [
  { name: 'name', dataType: 'String' },
  { name: 'size', dataType: 'UInt64' },
  { name: 'md5', dataType: 'Nullable(String)' },
  { name: 'last_modified', dataType: 'String' },
  { name: 'creator', dataType: 'Nullable(String)' },
];

describeWithDriver("Databend's npm driver", (connect) => {
  let folder: string;
  let server: ServerProcess;
  let connection: DriverConnection;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startServer(folder);
    connection = await connect(server.url);
  });

  afterAll(async () => {
    await connection.close();
    await server.stop();
    await removeFolder(folder);
  });

  async function putBooks(path: string): Promise<void> {
    const [method, headers, url] = await presigned(`UPLOAD ${path}`);
    const answer = await fetch(url, { method, headers, body: new Uint8Array(await readBooks()) });
    expect(answer.status).toBe(200);
  }

  /** The driver reads a UInt64 as a bigint. */
  async function sizeOfBooks(): Promise<bigint> {
    return BigInt((await readBooks()).length);
  }

  async function presigned(what: string): Promise<[string, Record<string, string>, string]> {
    const [row = []] = await valuesOf(connection, `PRESIGN ${what}`);
    expect(row).toHaveLength(3);
    const [method, headers, url] = row as [string, string, string];
    return [method, JSON.parse(headers) as Record<string, string>, url];
  }

  it('connects and asks for the version', async () => {
    expect(await connection.version()).toMatch(/^Databend Query v1\.2\.\d+/);
  });

  it('creates, shows, describes and drops a stage', async () => {
    await connection.exec("CREATE STAGE shown COMMENT = 'for a while'");
    const shown = (await connection.queryAll("SHOW STAGES LIKE 'shown'")).map((row) => row.data());
    expect(shown).toEqual([
      expect.objectContaining({ name: 'shown', stage_type: 'Internal', comment: 'for a while' }),
    ]);
    expect(await namesOf(connection, 'DESC STAGE shown')).toEqual(['shown']);
    await connection.exec('DROP STAGE shown');
    expect(await namesOf(connection, 'SHOW STAGES')).not.toContain('shown');
    expect(await namesOf(connection, 'DESC STAGE shown')).toEqual([]);
  });

  it('lists what is in a stage, with the columns of Databend', async () => {
    await connection.exec('CREATE STAGE listed');
    await putBooks('@listed/dir/books.parquet');
    const rows = await connection.queryIter('LIST @listed');
    expect(rows.schema().fields()).toEqual(LIST_COLUMNS);
    const seen = [];
    for await (const row of rows) seen.push(row.values());
    expect(seen).toHaveLength(1);
    expect(seen[0]?.slice(0, 2)).toEqual(['dir/books.parquet', await sizeOfBooks()]);
    expect(seen[0]?.[3]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000$/);
    expect(await namesOf(connection, "LIST @listed PATTERN = '.*[.]csv'")).toEqual([]);
    expect(await valuesOf(connection, "SELECT count(*) FROM list_stage(location => '@listed')")).toEqual([
      [1n],
    ]);
  });

  it('downloads by a presigned URL what it uploaded by one', async () => {
    await connection.exec('CREATE STAGE signed');
    await putBooks('@signed/books.parquet');
    const [method, headers, url] = await presigned('DOWNLOAD @signed/books.parquet');
    expect(method).toBe('GET');
    const answer = await fetch(url, { headers });
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(await readBooks())).toBe(true);
  });

  it('removes the files of a prefix, and no others', async () => {
    await connection.exec('CREATE STAGE removed');
    for (const name of ['old/a', 'old/b', 'new/a']) await putBooks(`@removed/${name}`);
    await connection.exec('REMOVE @removed/old/');
    expect(await namesOf(connection, 'LIST @removed')).toEqual(['new/a']);
  });

  it.each(['stage', 'streaming'] as const)(
    'loadFile by %s says clearly that there are no tables',
    async (by) => {
      const file = join(FIXTURES_FOLDER, BOOKS);
      await expect(connection.loadFile('INSERT INTO books VALUES', file, by)).rejects.toThrow(/stage/i);
    },
  );

  it('loadFile brings its file as far as the stage', async () => {
    const load = connection.loadFile('INSERT INTO books VALUES', join(FIXTURES_FOLDER, BOOKS), 'stage');
    await expect(load).rejects.toThrow(/QueryFailed: \[\d+\]/);
    const rows = await valuesOf(connection, 'LIST @~/client/load/');
    expect(rows.at(-1)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^client\/load\/\d+$/), await sizeOfBooks()]),
    );
  });

  describe('pages', () => {
    const COUNT = 2500;
    const PAGE = 1000;

    it('a long LIST', async () => {
      await connection.exec('CREATE STAGE many');
      const root = join(folder, 'internal/stage/internal/many');
      await mkdir(root, { recursive: true });
      const names = Array.from({ length: COUNT }, (_, i) => `part-${String(i).padStart(4, '0')}.csv`);
      for (const name of names) await writeFile(join(root, name), 'a');

      const proxy = await recordingProxy(server.url);
      const paged = await connect(proxy.url, { max_rows_per_page: String(PAGE) });
      expect(await namesOf(paged, 'LIST @many')).toEqual(names);
      const id = paged.lastQueryId() ?? '';
      expect(proxy.seen('GET', `/v1/query/${id}/page/`).length).toBeGreaterThanOrEqual(COUNT / PAGE - 1);
      await paged.close();
      await proxy.close();
    });
  });

  describe('gets errors with their codes', () => {
    beforeAll(() => connection.exec('CREATE STAGE taken'));

    it.each([
      ['LIST @nowhere', /\[2501\]Stage 'nowhere' does not exist/],
      ['PRESIGN UPLOAD @nowhere/a', /\[2501\]Stage 'nowhere' does not exist/],
      ['REMOVE @nowhere', /\[2501\]Stage 'nowhere' does not exist/],
      ['DROP STAGE nowhere', /\[2501\].*Stage 'nowhere' does not exist/s],
      ['CREATE STAGE taken', /\[2502\]Stage 'taken' already exists/],
      ['CREATE STAGE ~', /\[2506\]user stage is not allowed to be created/],
      ['DROP STAGE ~', /\[2506\].*User stage \(~\) is not allowed to be dropped/],
      ['creat stage x', /\[1005\]error: \n {2}--> SQL:1:1\n {2}\|\n1 \| creat stage x\n {2}\| \^/],
      ['LIST taken', /\[1005\]error: \n {2}--> SQL:1:6\n {2}\|\n1 \| LIST taken\n {2}\| +-* *\^/],
      ["CREATE STAGE x URL = 's3://bucket/x'", /\[4000\].*path in URL must end with '\/'/],
      ["CREATE STAGE x URL = 's4://bucket/x/'", /\[4000\]invalid input parameter \(protocol s4 is not/],
      ["LIST @taken PATTERN = '('", /\[1005\]Pattern format invalid, got:\(/],
      ['DROP CONNECTION nowhere', /\[2510\]Connection 'nowhere' does not exist/],
    ])('%s', async (sql, message) => {
      await expect(connection.exec(sql)).rejects.toThrow(message);
    });

    it.each([
      'CREATE TABLE t (a INT)',
      'SELECT * FROM t',
      'INSERT INTO t VALUES (1)',
      'COPY INTO t FROM @taken',
      'SELECT $1 FROM @taken',
    ])('%s is not for a stage service, and the error says what is', async (sql) => {
      await expect(connection.exec(sql)).rejects.toThrow(/QueryFailed: \[\d+\].*stage/is);
    });

    it('and goes on afterwards', async () => {
      await expect(connection.exec('LIST @nowhere')).rejects.toThrow();
      expect(await valuesOf(connection, 'SELECT 1')).toEqual([[1]]);
    });
  });

  it('shows the same files as the REST routes do', async () => {
    await connection.exec('CREATE STAGE same');
    await putBooks('@same/a/b.parquet');
    const files = await new StageClient(server.url).listFiles('same');
    const rows = (await connection.queryAll('LIST @same')).map((row) => row.data());
    expect(rows.map(({ name, size }) => ({ name, size }))).toEqual(
      files.map(({ name, size }) => ({ name, size: BigInt(size) })),
    );
  });
});
