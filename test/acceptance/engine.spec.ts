import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describeWithEngine, rowsOf, type EngineRows } from './support/databend-engine.js';
import { QueryClient } from './support/query-client.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { readBooks, StageClient } from './support/stage-client.js';
import { clientOf, describeWithMinio, makeBucket, type TestMinio } from './support/test-minio.js';

const BUCKET = 'databend';
const COLUMNS = ['name', 'size', 'md5', 'last_modified', 'creator'];

const CSV = '1,one\n2,"two, with a comma"\n3,"ü"\n';
const NDJSON = '{"id":1,"title":"one"}\n{"id":2,"title":"zwei, ü"}\n';

/** Goes up in parts, so that its ETag is no digest of the file. */
const LARGE = { name: 'large.bin', content: Buffer.alloc(17 * 1024 ** 2 + 1, 'several parts ') };

/** Names that a prefix or a pattern can tell apart wrongly. */
const TEXTS: Readonly<Record<string, string>> = {
  'rows.csv': CSV,
  'rows.csv.bak': 'not a table',
  'Rows.csv': '9,upper\n',
  'rows/part-1.csv': CSV,
  'rows/deep/part-2.csv': '4,four\n',
  'rows2/part-3.csv': '5,five\n',
  'lines.ndjson': NDJSON,
  'with space.csv': '6,six\n',
  'größe.csv': '7,seven\n',
};

const LISTS = [
  'LIST @files',
  'LIST @files/',
  'LIST @files/rows',
  'LIST @files/rows/',
  'LIST @files//rows//',
  'LIST @files/rows/deep',
  'LIST @files/rows.csv/',
  'LIST @files/nothing/',
  'LIST @files/größe',
  "LIST @files PATTERN = '.*[.]csv'",
  "LIST @files PATTERN = '(?i)rows.csv'",
  "LIST @files PATTERN = ''",
  "LIST @files/rows PATTERN = '.*[.]csv'",
  "LIST @files/rows PATTERN = '[.]csv'",
  "LIST @files/rows/ PATTERN = 'part.*'",
  "LIST @files/rows/ PATTERN = '.*/part.*'",
  "SELECT * FROM list_stage(location => '@files/rows', pattern => '.*part-[12][.]csv')",
];

const FILES = "FROM list_stage(location => '@files')";
/** Whose order is certain, and whose values are texts and numbers. */
const SELECTS = [
  `SELECT count(*), sum(size), min(size), max(name), count_if(name LIKE '%.csv') ${FILES}`,
  `SELECT sum(size), max(md5), avg(size) ${FILES} WHERE name = 'nothing'`,
  `SELECT avg(size) ${FILES} WHERE name LIKE '%ows.csv'`,
  `SELECT right(name, 4) AS r, count(*), sum(size) ${FILES} GROUP BY r HAVING count(*) > 1 ORDER BY r`,
  `SELECT split_part(name, '/', 1) AS d, count(md5) AS n ${FILES} WHERE name LIKE '%/%' GROUP BY 1 ORDER BY n DESC, d`,
  `SELECT left(upper(name), 3), max(size) ${FILES} GROUP BY left(upper(name), 3) ORDER BY max(size) DESC, 1 LIMIT 3`,
  `SELECT name, substr(name, 2, 3), substr(name, -3), length(name), replace(name, '.', '') ${FILES} ORDER BY name`,
  `SELECT concat(left(name, 2), '-', reverse(name)), octet_length(name), split_part(name, '.', -1) ${FILES} ORDER BY name`,
  `SELECT name ${FILES} GROUP BY name ORDER BY sum(size) DESC, name LIMIT 2`,
];

/** What a stage of the service is to the engine. */
interface Shared {
  readonly client: StageClient;
  readonly query: QueryClient;
  /** The engine's statement for the same files. */
  readonly createStage: string;
}

describeWithEngine("Databend's engine", (ask) => {
  describeWithMinio('with a MinIO between it and the service', (minio) => {
    let folder: string;
    let external: ServerProcess;
    let internal: ServerProcess;
    const root = `engine/${randomUUID()}`;

    beforeAll(async () => {
      folder = await temporaryFolder();
      const s3 = clientOf(minio);
      await makeBucket(s3, BUCKET);
      s3.destroy();
      external = await startServer(join(folder, 'external'));
      internal = await startServer(join(folder, 'internal'), {
        INTERNAL_STORAGE_URL: `s3://${BUCKET}/${root}/`,
        INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
        INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
        INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
      });
    });

    afterAll(async () => {
      await Promise.all([external.stop(), internal.stop()]);
      await removeFolder(folder);
    });

    async function overExternal(): Promise<Shared> {
      const createStage = createStageSql(minio, `engine/${randomUUID()}/`);
      const [query, client] = [new QueryClient(external.url), new StageClient(external.url)];
      // The very same statement makes the stage in both.
      await query.rows(createStage);
      return { client, query, createStage };
    }

    async function overInternal(): Promise<Shared> {
      const [query, client] = [new QueryClient(internal.url), new StageClient(internal.url)];
      await query.rows('CREATE STAGE files');
      return { client, query, createStage: createStageSql(minio, `${root}/stage/internal/files/`) };
    }

    describe.each([
      ['an S3 stage', overExternal],
      ['internal storage on MinIO', overInternal],
    ] as const)('over %s', (_place, share) => {
      let shared: Shared;
      let state: string;

      beforeAll(async () => {
        shared = await share();
        state = join(folder, randomUUID());
        await mkdir(state);
        await uploadAll(shared.client);
      });

      // The engine forgets its stages when its process ends.
      const engine = async (statements: readonly string[]): Promise<EngineRows[]> =>
        rowsOf(await ask(state, [shared.createStage, ...statements])).slice(1);

      it('lists the same rows for the same prefix and pattern', async () => {
        const theirs = await engine(LISTS);
        expect(theirs[0]?.length).toBe(Object.keys(TEXTS).length + 2);
        for (const [i, list] of LISTS.entries()) {
          const own = await shared.query.rows(list);
          expect({ list, rows: inOrder(own) }).toEqual({ list, rows: inOrder(cellsOf(theirs[i] ?? [])) });
        }
      });

      it('lists the md5 of a file of one part and of a file of several as the engine does, in quotes', async () => {
        const list = "LIST @files PATTERN = '(rows.csv|large.bin)'";
        const [theirs = []] = await engine([list]);
        const own = inOrder(await shared.query.rows(list));
        expect(own).toEqual(inOrder(cellsOf(theirs)));
        const digest = createHash('md5').update(CSV).digest('hex');
        expect(own.map(([name, , md5]) => [name, md5])).toEqual([
          [LARGE.name, expect.stringMatching(/^"[0-9a-f]{32}-\d+"$/)],
          ['rows.csv', `"${digest}"`],
        ]);
      });

      it('adds up, groups and cuts texts as the engine does', async () => {
        const theirs = await engine(SELECTS);
        for (const [i, select] of SELECTS.entries()) {
          const rows = (theirs[i] ?? []).map((row) => Object.values(row).map(cellOf));
          expect({ select, rows: await shared.query.rows(select) }).toEqual({ select, rows });
        }
      });

      it('lists an object that is named exactly', async () => {
        const list = 'LIST @files/rows.csv';
        const [theirs = []] = await engine([list]);
        // The engine asks for that one object, and its time has no milliseconds then.
        const withoutTime = (rows: readonly Cells[]) => inOrder(rows).map((cells) => cells.toSpliced(3, 1));
        expect(withoutTime(await shared.query.rows(list))).toEqual(withoutTime(cellsOf(theirs)));
      });

      it('reads the parquet, csv and ndjson files that were uploaded', async () => {
        const [books, rows, lines] = await engine([
          "SELECT title, author, date FROM @files/books.parquet (FILE_FORMAT => 'PARQUET') ORDER BY title",
          "SELECT $1::INT AS id, $2 AS title FROM @files (FILE_FORMAT => 'CSV', FILES => ('rows.csv')) ORDER BY id",
          "SELECT $1:id::INT AS id, $1:title::STRING AS title FROM @files/lines.ndjson (FILE_FORMAT => 'NDJSON') ORDER BY id",
        ]);
        expect(books).toEqual([
          { title: 'Readings in Database Systems', author: 'Michael Stonebraker', date: '2004' },
          { title: 'Transaction Processing', author: 'Jim Gray', date: '1992' },
        ]);
        expect(rows).toEqual([
          { id: 1, title: 'one' },
          { id: 2, title: 'two, with a comma' },
          { id: 3, title: 'ü' },
        ]);
        expect(lines).toEqual([
          { id: 1, title: 'one' },
          { id: 2, title: 'zwei, ü' },
        ]);
      });

      it('and the service see what the other one removes', async () => {
        await engine(['REMOVE @files/rows2/']);
        expect(await shared.query.rows('LIST @files/rows2/')).toEqual([]);
        await shared.query.rows('REMOVE @files/rows/deep/');
        expect((await engine(['LIST @files/rows/deep/']))[0]).toEqual([]);
      });
    });
  });
});

type Cells = readonly (string | null)[];

/** The engine's rows as the service writes them in cells. */
function cellsOf(rows: EngineRows): Cells[] {
  return rows.map((row) => COLUMNS.map((column) => cellOf(row[column])));
}

function cellOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return value === null || value === undefined ? null : JSON.stringify(value);
}

/** By name; `creator` is the service's own knowledge, which the engine does not have. */
function inOrder(rows: readonly Cells[]): Cells[] {
  const known = rows.map((cells) => cells.slice(0, COLUMNS.indexOf('creator')));
  return known.sort((a, b) => Buffer.compare(Buffer.from(a[0] ?? ''), Buffer.from(b[0] ?? '')));
}

function createStageSql({ endpoint, accessKeyId, secretAccessKey }: TestMinio, prefix: string): string {
  const keys = `access_key_id = '${accessKeyId}' secret_access_key = '${secretAccessKey}'`;
  return `CREATE OR REPLACE STAGE files URL = 's3://${BUCKET}/${prefix}' CONNECTION = (endpoint_url = '${endpoint}' ${keys})`;
}

async function uploadAll(client: StageClient): Promise<void> {
  const form = new FormData();
  form.append('upload', new Blob([new Uint8Array(await readBooks())]), 'books.parquet');
  form.append('upload', new Blob([new Uint8Array(LARGE.content)]), LARGE.name);
  for (const [name, text] of Object.entries(TEXTS)) form.append('upload', new Blob([text]), name);
  const headers = { 'x-databend-stage-name': 'files' };
  const answer = await client.send('/v1/upload_to_stage', { method: 'PUT', headers, body: form });
  expect(answer.status).toBe(200);
}
