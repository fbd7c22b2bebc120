import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client } from '../support/client.js';
import { filePart, form } from '../support/form.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

let folder: string;
let testApp: TestApp;
let client: Client;
let sql: SqlClient;
let ann: SqlClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-roots-'));
  testApp = await startTestApp({ FS_STAGE_ROOTS: folder });
  client = new Client(testApp);
  sql = new SqlClient(client);
  await testApp.app.get(UserService).save('ann', 'secret', { isAdmin: false });
  ann = new SqlClient(new Client(testApp, basic('ann', 'secret')));
});

afterAll(async () => {
  await testApp.close();
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  for (const [name] of await sql.rows('SHOW STAGES')) await sql.run(`DROP STAGE ${String(name)}`);
  for (const [name] of await sql.rows('SHOW CONNECTIONS')) await sql.run(`DROP CONNECTION ${String(name)}`);
  await sql.run('REMOVE @~');
});

async function upload(stage: string, ...names: string[]): Promise<void> {
  const answer = await client.upload(form(...names.map((name) => filePart(name, `of ${name}`))), {
    stage_name: stage,
  });
  expect(answer.status).toBe(200);
}

async function names(statement: string): Promise<(string | null | undefined)[]> {
  return (await sql.rows(statement)).map(([name]) => name);
}

const FILE_COLUMNS = [
  ['name', 'String'],
  ['size', 'UInt64'],
  ['md5', 'Nullable(String)'],
  ['last_modified', 'String'],
  ['creator', 'Nullable(String)'],
];
const STAGE_COLUMNS = [
  ['name', 'String'],
  ['stage_type', 'String'],
  ['storage_type', 'Nullable(String)'],
  ['url', 'Nullable(String)'],
  ['endpoint', 'Nullable(String)'],
  ['has_credentials', 'Boolean'],
  ['has_encryption_key', 'Boolean'],
  ['storage_params', 'Nullable(Variant)'],
  ['file_format_options', 'Variant'],
  ['creator', 'Nullable(String)'],
  ['created_on', 'Timestamp'],
  ['comment', 'String'],
  ['owner', 'Nullable(String)'],
];
const CONNECTION_COLUMNS = [
  ['name', 'String'],
  ['storage_type', 'String'],
  ['storage_params', 'String'],
];

describe('the columns of a result', () => {
  it.each([
    ['LIST @~', FILE_COLUMNS],
    ["SELECT * FROM list_stage(location => '@~')", FILE_COLUMNS],
    ['SHOW STAGES', STAGE_COLUMNS],
    ["SHOW STAGES LIKE 'x' LIMIT 1", STAGE_COLUMNS],
    ['DESC STAGE nobody_made_it', STAGE_COLUMNS],
    ['SHOW CONNECTIONS', CONNECTION_COLUMNS],
    [
      "SELECT size, md5 AS m, 1, 'x', NULL FROM list_stage(location => '@~')",
      [
        ['size', 'UInt64'],
        ['m', 'Nullable(String)'],
        ['1', 'UInt8'],
        ["'x'", 'String'],
        ['null', 'NULL'],
      ],
    ],
    [
      "SELECT count(*), count() AS n FROM list_stage(location => '@~')",
      [
        ['count(*)', 'UInt64'],
        ['n', 'UInt64'],
      ],
    ],
    ['SELECT version()', [['version()', 'String']]],
    [
      'SELECT 255, 256, 70000, 5000000000, 1.5, true',
      [
        ['255', 'UInt8'],
        ['256', 'UInt16'],
        ['70000', 'UInt32'],
        ['5000000000', 'UInt64'],
        ['1.5', 'Decimal(2, 1)'],
        ['true', 'Boolean'],
      ],
    ],
    [
      'PRESIGN @~/x',
      [
        ['method', 'String'],
        ['headers', 'Variant'],
        ['url', 'String'],
      ],
    ],
    [
      'SHOW SETTINGS',
      ['name', 'value', 'default', 'range', 'level', 'description', 'type'].map((name) => [name, 'String']),
    ],
    [
      "select name, 'f' as type from system.functions union all select name, 'd' as type from system.databases",
      [
        ['name', 'String'],
        ['type', 'String'],
      ],
    ],
  ])('are Databend’s: %s', async (statement, columns) => {
    const { schema, has_result_set: hasResultSet } = await sql.run(statement);
    expect(hasResultSet).toBe(true);
    expect(schema.map(({ name, type }) => [name, type])).toEqual(columns);
  });

  it.each([
    'CREATE STAGE s',
    'CREATE STAGE IF NOT EXISTS s',
    "ALTER STAGE IF EXISTS s SET COMMENT = 'c'",
    'REMOVE @~',
    'DROP STAGE IF EXISTS s',
    "CREATE OR REPLACE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'",
    'DROP CONNECTION IF EXISTS c',
    'USE db',
    'BEGIN',
    'BEGIN TRANSACTION;',
    'commit',
    'ROLLBACK',
    'SET a = 1',
  ])('are none where there is no result: %s', async (statement) => {
    const answer = await sql.run(statement);
    expect(answer).toMatchObject({ schema: [], data: [], has_result_set: false, next_uri: null });
  });
});

describe('LIST and list_stage', () => {
  it('show a file as REST shows it, but for the quotes around its md5', async () => {
    await upload('~', 'dir/a.csv');
    const [row] = (await client.page('~')).files;
    expect(await sql.rows('LIST @~')).toEqual([
      [row?.name, String(row?.size), `"${String(row?.md5)}"`, row?.last_modified, row?.creator],
    ]);
    expect(row?.last_modified).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000$/);
  });

  it.each([
    ['LIST @~', ['ab.csv', 'ab/cd.csv', 'b.csv']],
    ['LIST @~/', ['ab.csv', 'ab/cd.csv', 'b.csv']],
    ['list @~/ab;', ['ab.csv', 'ab/cd.csv']],
    ['LIST @~/ab/', ['ab/cd.csv']],
    ['LIST @~//ab//', ['ab/cd.csv']],
    ["LIST @~ PATTERN = '.*cd.*'", ['ab/cd.csv']],
    ["LIST @~/ab PATTERN = '/cd[.]csv'", ['ab/cd.csv']],
    ["LIST @~/ab PATTERN = 'cd[.]csv'", []],
    ["LIST @~ PATTERN = '(?i)B[.]CSV|AB[.]CSV'", ['ab.csv', 'b.csv']],
    ["LIST @~ PATTERN = ''", []],
    ["LIST @~/b.csv PATTERN = ''", ['b.csv']],
    ['LIST @~/nothing', []],
    ["SELECT name FROM list_stage(location => '@~/ab', pattern => '.*cd.*')", ['ab/cd.csv']],
    [
      "SELECT name FROM list_stage(location => '@~') WHERE size > 7 AND NOT name = 'ab.csv'",
      ['ab/cd.csv', 'b.csv'],
    ],
    ["SELECT name FROM list_stage(location => '@~') WHERE md5 IS NULL AND creator IS NOT NULL", []],
    [
      "SELECT name FROM list_stage(location => '@~') WHERE name IN ('b.csv', 'x') OR size BETWEEN 12 AND 12",
      ['ab/cd.csv', 'b.csv'],
    ],
    ["SELECT upper(name) FROM list_stage(location => '@~') WHERE name REGEXP '^b'", ['B.CSV']],
    ["SELECT count(*) FROM list_stage(location => '@~')", ['3']],
    ["SELECT count(*) FROM list_stage(location => '@~') WHERE name LIKE '%d.csv'", ['1']],
    [
      "SELECT name FROM list_stage(location => '@~') ORDER BY size DESC, name LIMIT 2",
      ['ab/cd.csv', 'ab.csv'],
    ],
  ])('%s', async (statement, expected) => {
    await upload('~', 'ab.csv', 'ab/cd.csv', 'b.csv');
    expect(await names(statement)).toEqual(expected);
  });
});

describe('stages', () => {
  it('are made with everything a clause can say, and shown as REST shows them', async () => {
    const secret = 'minio-secret-key';
    await sql.run(`create or replace stage Lake /* external */ url = 's3://databend/p/'
      connection = (endpoint_url = 'http://127.0.0.1:9' aws_key_id='minio-key-id', aws_secret_key = '${secret}')
      file_format = (type = CSV field_delimiter = '|') comment = 'it''s ours' -- done
      ;`);
    const answer = await client.send('/v1/stages/Lake');
    const view = (await answer.json()) as Record<string, unknown>;
    const [row = []] = await sql.rows('DESC STAGE Lake');
    expect(row.slice(0, 7)).toEqual([
      'Lake',
      'External',
      's3',
      's3://databend/p/',
      'http://127.0.0.1:9',
      '1',
      '0',
    ]);
    expect(JSON.parse(row[7] ?? '')).toEqual(view['storage_params']);
    expect(JSON.parse(row[8] ?? '')).toMatchObject({ type: 'Csv', field_delimiter: '|' });
    expect(row.slice(9)).toEqual([
      "'root'@'%'",
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/),
      "it's ours",
      'account_admin',
    ]);
    expect(JSON.stringify(row)).not.toContain(secret);
    expect(testApp.logs()).not.toContain(secret);
  });

  it('are shown in order, by LIKE, by WHERE and up to a LIMIT', async () => {
    for (const name of ['b1', 'a2', 'B3']) await sql.run(`CREATE STAGE ${name}`);
    expect(await names('SHOW STAGES')).toEqual(['B3', 'a2', 'b1']);
    expect(await names("SHOW STAGES LIKE 'b%'")).toEqual(['B3', 'b1']);
    expect(await names("SHOW STAGES WHERE stage_type = 'Internal' AND name <> 'a2'")).toEqual(['B3', 'b1']);
    expect(await names('SHOW STAGES LIMIT 1')).toEqual(['B3']);
    expect(await sql.rows('SHOW STAGES', { pagination: { max_rows_per_page: 1 } })).toHaveLength(3);
  });

  it('are altered', async () => {
    await sql.run(`CREATE STAGE ext URL = 'fs://${folder}/one/'`);
    await sql.run(`ALTER STAGE ext SET URL = 'fs://${folder}/two/', COMMENT = 'moved'`);
    expect((await sql.rows('DESC STAGE ext'))[0]).toEqual(
      expect.arrayContaining([`fs://${folder}/two/`, 'moved']),
    );
    await sql.run('ALTER STAGE ext UNSET COMMENT');
    expect((await sql.rows('DESC STAGE ext'))[0]).not.toContain('moved');
    await sql.run("ALTER STAGE IF EXISTS nobody_made_it SET COMMENT = 'x'");
  });

  it('lose their files when they are dropped or replaced, and IF NOT EXISTS leaves them alone', async () => {
    await sql.run('CREATE STAGE s');
    await upload('s', 'x.csv');
    await sql.run('CREATE STAGE IF NOT EXISTS s');
    expect(await names('LIST @s')).toEqual(['x.csv']);
    await sql.run('CREATE OR REPLACE STAGE s');
    expect(await names('LIST @s')).toEqual([]);
  });

  it('REMOVE takes what LIST shows, and nothing is no error', async () => {
    await upload('~', 'a.csv', 'a.csv.bak', 'b.csv', 'c.txt');
    await sql.run("REMOVE @~ PATTERN = '.*[.]txt'");
    await sql.run('REMOVE @~/a.csv');
    await sql.run('REMOVE @~/nothing');
    expect(await names('LIST @~')).toEqual(['b.csv']);
  });
});

describe('PRESIGN', () => {
  it.each(['dir/a b.csv', "it's.csv", 'a"b.csv', '100%.csv', 'a+b#c?d&e.csv', '数据.csv', 'x (1).csv'])(
    'uploads and downloads %s',
    async (name) => {
      const quoted = `'@~/${name.replaceAll("'", "''")}'`;
      const [upload] = await sql.rows(`PRESIGN UPLOAD ${quoted} EXPIRE = 60 CONTENT_TYPE = 'text/csv'`);
      const [method = '', headers, url = ''] = upload ?? [];
      expect(method).toBe('PUT');
      const put = await fetch(url ?? '', {
        method: 'PUT',
        headers: JSON.parse(headers ?? '') as Record<string, string>,
        body: 'content',
      });
      expect(put.status).toBe(200);
      expect(await names('LIST @~')).toEqual([name]);
      const [[, , download] = []] = await sql.rows(`PRESIGN ${quoted}`);
      expect(await (await fetch(download ?? '')).text()).toBe('content');
    },
  );

  it('takes two hyphens for a part of a name, as clients send it, and a comment behind options for one', async () => {
    await upload('~', 'a', 'a -- b.csv');
    for (const [statement, content] of [
      ['PRESIGN DOWNLOAD @~/a -- b.csv', 'of a -- b.csv'],
      ['PRESIGN @~/a EXPIRE = 60 -- a minute', 'of a'],
    ] as const) {
      const [[, , url] = []] = await sql.rows(statement);
      expect(await (await fetch(url ?? '')).text()).toBe(content);
    }
  });

  it('takes a name with spaces as clients send it', async () => {
    await upload('~', 'my file.csv');
    const [[method, , url] = []] = await sql.rows('PRESIGN DOWNLOAD @~//my file.csv');
    expect(method).toBe('GET');
    expect(await (await fetch(url ?? '')).text()).toBe('of my file.csv');
  });
});

describe('connections', () => {
  const OPTIONS = "access_key_id = 'minio-key-id' secret_access_key = 'minio-secret-key'";

  it('are made, shown with every value masked, used by a stage, and dropped', async () => {
    await sql.run(
      `CREATE CONNECTION mine STORAGE_TYPE = 's3' endpoint_url = 'http://127.0.0.1:9' ${OPTIONS}`,
    );
    const [row = []] = await sql.rows('SHOW CONNECTIONS');
    expect(row.slice(0, 2)).toEqual(['mine', 's3']);
    expect(row[2]).toContain('***');
    expect(row[2]).not.toContain('minio-secret-key');
    expect(await sql.rows('DESC CONNECTION mine')).toEqual([row]);
    await sql.run("CREATE STAGE lake URL = 's3://bucket/' CONNECTION = (CONNECTION_NAME = 'mine')");
    expect((await sql.rows('DESC STAGE lake'))[0]).toContain('http://127.0.0.1:9');
    await sql.run('DROP CONNECTION mine');
    expect(testApp.logs()).not.toContain('minio-secret-key');
  });
});

/** Code and text of Databend, statement by statement. */
const FAILURES: readonly (readonly [string, number, RegExp])[] = [
  [
    'creat stage x',
    1005,
    /^error: \n {2}--> SQL:1:1\n {2}\|\n1 \| creat stage x\n {2}\| \^{5} unexpected `creat`/,
  ],
  ['CREATE STAGE select', 1005, /reserved/],
  ['CREATE OR REPLACE STAGE IF NOT EXISTS s', 1005, /IF NOT EXISTS/],
  ['CREATE STAGE a-b', 1005, /\^/],
  ['LIST @', 1005, /\^/],
  ['LIST s', 1005, /\^/],
  ['', 1005, /\^/],
  ['SELECT 1; SELECT 2', 1005, /\^/],
  [';', 1005, /\^/],
  ["LIST @~ PATTERN = '('", 1005, /^Pattern format invalid, got:\(, error:/],
  ["CREATE STAGE s URL = '/x/'", 1005, /local filesystem paths must use fs:\/\/\/path\/ instead of \/path\//],
  ["CREATE STAGE s URL = 'file:///x/'", 1005, /instead of file:\/\/\/path\//],
  ["CREATE STAGE s URL = 'fs://x'", 1005, /fs locations must start with fs:\/\/\//],
  ['LIST @/x', 1006, /^stage path must include a stage name$/],
  ['LIST @~/../x', 1006, /^stage path traversal is not allowed by stage_path_traversal_policy: /],
  ["SELECT * FROM list_stage(location => '@~', x => 'y')", 1006, /^unknown param x for list_stage$/],
  ["SELECT * FROM list_stage(location => 's')", 1006, /^location must start with @, but got /],
  ['LIST @nope', 2501, /^Stage 'nope' does not exist\.$/],
  ['REMOVE @nope', 2501, /^Stage 'nope' does not exist\.$/],
  ['PRESIGN @nope/x', 2501, /^Stage 'nope' does not exist\.$/],
  ['DROP STAGE nope', 2501, /^error on validating stage access\nStage 'nope' does not exist\.$/],
  [
    "ALTER STAGE nope SET COMMENT = 'x'",
    2501,
    /^error on validating stage access\nStage 'nope' does not exist\.$/,
  ],
  ['CREATE STAGE ~', 2506, /^user stage is not allowed to be created$/],
  ['DROP STAGE ~', 2506, /^\[SQL-BINDER\] User stage \(~\) is not allowed to be dropped$/],
  ["ALTER STAGE ~ SET COMMENT = 'x'", 2506, /^\[SQL-BINDER\] User stage \(~\) is not allowed to be altered$/],
  [
    'CREATE STAGE _databend_load',
    2004,
    /^Can not create stage with name `_databend_load`, which is reserved$/,
  ],
  ["CREATE STAGE s URL = 's4://b/x/'", 4000, /^invalid input parameter \(protocol s4 is not supported yet\./],
  ["CREATE STAGE s URL = 's3://bucket/x'", 4000, /^invalid input parameter \(path in URL must end with '\/'/],
  [
    "CREATE STAGE s URL = 's3://bucket/' CONNECTION = (foo = 'x')",
    4000,
    /^invalid input parameter \(connection params invalid: /,
  ],
  ['DESC CONNECTION c', 2510, /^Connection 'c' does not exist\.$/],
  ['DROP CONNECTION c', 2510, /^Connection 'c' does not exist\.$/],
  ['CREATE STAGE s FILE_FORMAT = (TYPE = XML)', 1005, /\^\^\^ unexpected word, expecting `CSV`/],
  ["CREATE STAGE s FILE_FORMAT = (TYPE = CSV GEOMETRY_FORMAT = 'WKT')", 1005, /`geometry_format` is shown/],
  ["CREATE STAGE s FILE_FORMAT = (TYPE = 'ARROW')", 2508, /Unknown file format type 'ARROW'/],
  [
    'LIST @_databend_load',
    1006,
    /^placeholder @_databend_upload as location: should be used in streaming_load/,
  ],
  ["SELECT * FROM list_stage(location => '@_databend_load/x')", 1006, /^placeholder /],
  [
    "SET PASSWORD = 'x'",
    1002,
    /SET PASSWORD is not built yet: one's own password is changed by ALTER USER USER/,
  ],
  ["SET SESSION password = 'x'", 1002, /SET PASSWORD is not built yet/],
  ["SET PASSWORD FOR root = 'x'", 1002, /SET PASSWORD is not built yet/],
  ["SET timezone = 'Asia/Nowhere'", 1078, /^Invalid Timezone: Asia\/Nowhere$/],
  [
    "ALTER STAGE IF EXISTS nope SET TAG env = 'dev'",
    1002,
    /ALTER STAGE SET TAG is not built yet: there are no tags/,
  ],
  ['ALTER CONNECTION c UNSET TAG env', 1002, /ALTER CONNECTION UNSET TAG is not built yet/],
  ['SHOW TAGS', 1002, /there are no tags here yet/],
  [
    'SELECT count(DISTINCT name) FROM system.tables',
    1002,
    /SELECT with such an aggregate from system.tables is not built yet/,
  ],
  [
    "SELECT DISTINCT name FROM list_stage(location => '@~')",
    1002,
    /SELECT with DISTINCT is not built yet.*GROUP BY ALL/,
  ],
  ['SELECT CASE WHEN true THEN 1 END FROM system.stages', 1002, /SELECT with CASE is not built yet/],
  ['SELECT 1 GROUP BY 1', 1002, /SELECT with GROUP BY and without FROM is not built yet/],
  ['SELECT * FROM system.nope', 1025, /\n.*\^{11} Unknown table 'system\.nope'/],
  ['SELECT count(*) FROM information_schema.nope', 1025, /Unknown table 'information_schema\.nope'/],
  ['SELECT nocol FROM system.tables', 1065, /column nocol doesn't exist/],
  ['SELECT name FROM system.tables WHERE nocol = 1', 1065, /column nocol doesn't exist/],
  ["SELECT name FROM system.stages WHERE 'abc'", 1065, /must be true or false, and this is of type String/],
  ['SELECT nocol FROM system.one', 1065, /column nocol doesn't exist/],
  ['SELECT max(nocol) FROM system.tables', 1065, /column nocol doesn't exist/],
  ['SELECT median(num_rows) FROM system.tables', 1008, /median/],
  ['SELECT 18446744073709551616', 1005, /at most 9007199254740991/],
  [`CREATE STAGE s COMMENT = '${'x'.repeat(10_001)}'`, 1006, /A comment may have at most 10000 characters/],
  [`CREATE STAGE s URL = 's3://bucket/${'x'.repeat(2048)}/'`, 1006, /at most 2048 characters/],
  ['SELECT nosuch()', 1008, /no function matches the given name: 'nosuch'/],
  ['SELECT nocol', 1065, /column nocol doesn't exist/],
  ["SELECT nocol FROM list_stage(location => '@~')", 1065, /column nocol doesn't exist/],
  ["SELECT name, count(*) FROM list_stage(location => '@~')", 1065, /GROUP BY/],
  ["SELECT name FROM list_stage(location => '@~') WHERE size = 'x'", 1065, /\^/],
  ['PRESIGN @~/x EXPIRE = 0', 1006, /1 second to 7 days/],
  ['PRESIGN @~/x EXPIRE = 99999999', 1006, /7 days|604800/],
  ['PRESIGN @~', 1006, /must name a file/],
  ['SELECT * FROM books', 1002, /holds no tables/],
  ['SELECT * FROM @~', 1002, /holds no tables/],
  ['COPY INTO books FROM @~', 1002, /COPY INTO needs a warehouse/],
  ['INSERT INTO books VALUES (1)', 1002, /INSERT/],
  ['call admin$license_info()', 1002, /CALL/],
];

describe('a statement that cannot be run', () => {
  it.each(FAILURES)('is told so, in Databend’s code and words: %s', async (statement, code, message) => {
    expect(await sql.failure(statement)).toEqual({ code, message: expect.stringMatching(message) as string });
  });

  it('is told that a name is taken', async () => {
    await sql.run('CREATE STAGE s');
    expect(await sql.failure('CREATE STAGE s')).toEqual({ code: 2502, message: "Stage 's' already exists." });
    const connection = "CREATE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'";
    await sql.run(connection);
    expect(await sql.failure(connection)).toEqual({ code: 2512, message: "Connection 'c' already exists." });
  });

  it('is told what an internal stage and an empty change are', async () => {
    await sql.run('CREATE STAGE s');
    expect(await sql.failure("ALTER STAGE s SET URL = 's3://bucket/'")).toEqual({
      code: 1006,
      message: expect.stringContaining(
        'Stage s is not external, LOCATION/URL can only be set for external stages',
      ) as string,
    });
  });

  it('is told that its connection is of another kind', async () => {
    await sql.run("CREATE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'");
    expect(
      await sql.failure(
        "CREATE STAGE s URL = 's3://bucket/' CONNECTION = (CONNECTION_NAME = 'c' region = 'x')",
      ),
    ).toEqual({
      code: 4000,
      message: expect.stringContaining(
        'connection_name can not be used with other connection options',
      ) as string,
    });
    const statement = `CREATE STAGE s URL = 'fs://${folder}/x/' CONNECTION = (CONNECTION_NAME = 'c')`;
    expect(await sql.failure(statement)).toEqual({
      code: 4000,
      message: expect.stringContaining(
        'protocol from connection_name=c (s3) not match with uri protocol (fs).',
      ) as string,
    });
  });

  it.each([
    [
      'CREATE STAGE mine',
      1063,
      /^Permission denied: privilege \[Super\] is required on \*\.\* for user 'ann'@'%' with roles \[public\]\. Note: Please/,
    ],
    ['DROP STAGE s', 2501, /Stage 's' does not exist/],
    ['LIST @s', 2501, /Stage 's' does not exist/],
    ['REMOVE @s', 2501, /Stage 's' does not exist/],
    ['PRESIGN UPLOAD @s/x', 2501, /Stage 's' does not exist/],
    ['PRESIGN @s/x', 2501, /Stage 's' does not exist/],
    ['DESC CONNECTION c', 2510, /Connection 'c' does not exist/],
  ])(
    'is told what its user may not, and nothing of what is not its business: %s',
    async (statement, code, message) => {
      await sql.run('CREATE STAGE s');
      expect(await ann.failure(statement)).toEqual({
        code,
        message: expect.stringMatching(message) as string,
      });
      expect(await ann.rows('SHOW CONNECTIONS')).toEqual([]);
      expect(await ann.rows('SHOW STAGES')).toEqual([]);
      expect(await ann.rows('LIST @~')).toEqual([]);
    },
  );
});
