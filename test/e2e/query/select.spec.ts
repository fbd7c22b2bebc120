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

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-roots-'));
  testApp = await startTestApp({ FS_STAGE_ROOTS: folder });
  client = new Client(testApp);
  sql = new SqlClient(client);
});

afterAll(async () => {
  await testApp.close();
  await rm(folder, { recursive: true });
});

async function typesOf(statement: string): Promise<[string, string][]> {
  return (await sql.run(statement)).schema.map(({ name, type }) => [name, type]);
}

describe('a SELECT from list_stage', () => {
  beforeAll(async () => {
    await sql.run('CREATE STAGE files');
    const names = ['2026/01/a.csv', '2026/01/b.csv', '2026/02/a.parquet', 'b.csv', 'c.txt'];
    const parts = names.map((name, index) => filePart(name, 'x'.repeat(index + 1)));
    expect((await client.upload(form(...parts), { stage_name: 'files' })).status).toBe(200);
  });

  const from = "FROM list_stage(location => '@files')";

  it.each<[string, (string | null)[][]]>([
    ['SELECT sum(size), count(*), max(name) FILES', [['15', '5', 'c.txt']]],
    ["SELECT sum(size) FILES WHERE name LIKE 'nothing%'", [[null]]],
    ["SELECT count_if(name LIKE '2026/%'), count_if(name NOT LIKE '%/%') FILES", [['3', '2']]],
    ["SELECT right(name, 4), size FILES WHERE name = 'b.csv'", [['.csv', '4']]],
    ["SELECT name FILES WHERE substr(replace(name, '/', ''), 5, 2) = '02'", [['2026/02/a.parquet']]],
    [
      "SELECT split_part(name, '.', -1) AS kind, count(*), sum(size) FILES GROUP BY kind ORDER BY 3 DESC, 1",
      [
        ['csv', '3', '7'],
        ['txt', '1', '5'],
        ['parquet', '1', '3'],
      ],
    ],
    [
      "SELECT split_part(name, '/', 2) AS m, avg(size) FILES WHERE name LIKE '%/%' GROUP BY 1 HAVING count(*) > 1",
      [['01', '1.5']],
    ],
    ['SELECT name FILES GROUP BY ALL ORDER BY name DESC LIMIT 1 OFFSET 1', [['b.csv']]],
  ])('%s', async (statement, expected) => {
    for (const pagination of [undefined, { max_rows_per_page: 1 }]) {
      const options = pagination === undefined ? {} : { pagination };
      expect(await sql.rows(statement.replace('FILES', from), options)).toEqual(expected);
    }
  });

  it('has Databend’s names and types', async () => {
    const items = 'right(name, 4), sum(size), count(*) AS n, avg(size), max(last_modified), min(md5)';
    expect(await typesOf(`SELECT ${items} ${from} GROUP BY 1`)).toEqual([
      ['right(name, 4)', 'String'],
      ['sum(size)', 'Nullable(UInt64)'],
      ['n', 'UInt64'],
      ['avg(size)', 'Nullable(Float64)'],
      ['max(last_modified)', 'Nullable(String)'],
      ['min(md5)', 'Nullable(String)'],
    ]);
  });
});

describe('system.stages', () => {
  beforeAll(async () => {
    await sql.run("CREATE STAGE csv_stage FILE_FORMAT = (TYPE = CSV) COMMENT = 'internal'");
    await sql.run(`CREATE STAGE fs_stage URL = 'fs://${folder}/x/' FILE_FORMAT = (TYPE = TSV)`);
    await sql.run(`CREATE STAGE s3_stage URL = 's3://test-stage-bucket/demo/' CONNECTION = (aws_key_id = 'ak'
      aws_secret_key = 'my_secret_key' endpoint_url = 'https://s3.eu-central-1.amazonaws.com')`);
  });

  it('is what SHOW STAGES shows', async () => {
    const shown = await sql.run("SHOW STAGES LIKE '%_stage'");
    const selected = await sql.run("SELECT * FROM system.stages WHERE name LIKE '%_stage'");
    expect(selected.schema).toEqual(shown.schema);
    expect(selected.schema).toHaveLength(13);
    expect(selected.data).toEqual(shown.data);
    expect(selected.data).toHaveLength(3);
  });

  it.each<[string, (string | null)[][]]>([
    [
      "SELECT name, file_format_options:type FROM system.stages WHERE name IN ('csv_stage', 's3_stage') ORDER BY name",
      [
        ['csv_stage', '"Csv"'],
        ['s3_stage', '"Parquet"'],
      ],
    ],
    [
      "SELECT name, stage_type, storage_type, url, endpoint, has_credentials, has_encryption_key FROM system.stages WHERE comment = 'internal'",
      [['csv_stage', 'Internal', null, null, null, '0', '0']],
    ],
    [
      "SELECT storage_params:type, storage_params:bucket, storage_params:root, storage_params:secret_access_key, storage_params:nothing FROM system.stages WHERE name = 's3_stage'",
      [['"S3"', '"test-stage-bucket"', '"/demo/"', '"my***ey"', null]],
    ],
    ["SELECT comment = '' FROM system.stages WHERE name = 'csv_stage'", [['0']]],
    [
      "SELECT json_extract_path_text(to_string(file_format_options), 'type') = 'Csv' FROM system.stages s WHERE s.name = 'csv_stage'",
      [['1']],
    ],
    ["SELECT name FROM system.stages WHERE file_format_options:type = 'Text'", [['fs_stage']]],
    [
      "SELECT stage_type, count(*) FROM system.stages WHERE name LIKE '%\\\\_stage' GROUP BY stage_type ORDER BY 2 DESC",
      [
        ['External', '2'],
        ['Internal', '1'],
      ],
    ],
    ["SELECT name FROM system.stages WHERE name LIKE '%_stage' ORDER BY name DESC LIMIT 1", [['s3_stage']]],
  ])('%s', async (statement, expected) => {
    expect(await sql.rows(statement)).toEqual(expected);
  });

  it('holds storage_params and format as Databend writes them', async () => {
    const [row = []] = await sql.rows('DESC STAGE s3_stage');
    expect(row.slice(1, 9)).toEqual([
      'External',
      's3',
      's3://test-stage-bucket/demo/',
      'https://s3.eu-central-1.amazonaws.com',
      '1',
      '0',
      '{"access_key_id":"***","bucket":"test-stage-bucket","enable_virtual_host_style":false,"endpoint_url":"https://s3.eu-central-1.amazonaws.com","external_id":"","master_key":"","network_config":null,"region":"eu-central-1","role_arn":"","root":"/demo/","secret_access_key":"my***ey","security_token":"","storage_class":"Standard","type":"S3"}',
      '{"compression":"Zstd","missing_field_as":"Error","null_if":[],"type":"Parquet","use_logic_type":true}',
    ]);
    const [local = []] = await sql.rows('DESC STAGE fs_stage');
    expect(local[7]).toBe(`{"root":"${folder}/x/","type":"Fs"}`);
    expect(local[8]).toContain('"type":"Text"');
  });

  it('shows a user the stages of that user alone', async () => {
    await testApp.app.get(UserService).save('ann', 'secret', { isAdmin: false });
    const ann = new SqlClient(new Client(testApp, basic('ann', 'secret')));
    expect(await ann.rows('SELECT name FROM system.stages')).toEqual([]);
    expect(await ann.rows('SELECT count(*) FROM system.stages')).toEqual([['0']]);
  });
});

describe('a SELECT from a table that is empty here', () => {
  it.each<[string, [string, string][], (string | null)[][]]>([
    ['SELECT count(*) FROM system.tables', [['count(*)', 'UInt64']], [['0']]],
    [
      "SELECT max(name) AS m, sum(num_rows), count(*) FROM system.tables t WHERE t.name LIKE 'a%'",
      [
        ['m', 'Nullable(String)'],
        ['sum(num_rows)', 'Nullable(UInt64)'],
        ['count(*)', 'UInt64'],
      ],
      [[null, null, '0']],
    ],
    ['SELECT count(*) FROM information_schema.tables', [['count(*)', 'UInt64']], [['0']]],
    ['SELECT count(*) FROM system.tables GROUP BY name', [['count(*)', 'UInt64']], []],
    ['SELECT count(*) FROM system.tables HAVING count(*) > 0', [['count(*)', 'UInt64']], []],
    ['SELECT count(*) WHERE false', [['count(*)', 'UInt64']], [['0']]],
    [
      'SELECT name, num_rows, created_on, dropped_on, 1 AS one FROM system.tables',
      [
        ['name', 'String'],
        ['num_rows', 'Nullable(UInt64)'],
        ['created_on', 'Timestamp'],
        ['dropped_on', 'Nullable(Timestamp)'],
        ['one', 'UInt8'],
      ],
      [],
    ],
    [
      'SELECT * FROM system.functions',
      [
        ['name', 'String'],
        ['is_aggregate', 'Boolean'],
        ['description', 'String'],
        ['syntax', 'String'],
        ['example', 'String'],
      ],
      [],
    ],
    [
      'SELECT try_cast(name AS int) AS n, CASE WHEN x THEN 1 END AS c FROM system.columns',
      [
        ['n', 'String'],
        ['c', 'String'],
      ],
      [],
    ],
    ['SELECT * FROM system.one', [['dummy', 'UInt8']], [['1']]],
    [
      'SELECT count(*), max(o.dummy) AS m FROM system.one o',
      [
        ['count(*)', 'UInt64'],
        ['m', 'Nullable(UInt8)'],
      ],
      [['1', '1']],
    ],
    ['SELECT 1 AS a FROM system.one WHERE dummy = 2', [['a', 'UInt8']], []],
  ])('%s', async (statement, types, rows) => {
    expect(await typesOf(statement)).toEqual(types);
    expect(await sql.rows(statement)).toEqual(rows);
  });
});

describe("the session's timezone", () => {
  const SHANGHAI = { session: { settings: { timezone: 'Asia/Shanghai' } } };

  it('is echoed, and cells are written in it', async () => {
    await sql.run('CREATE STAGE timed');
    const statement = "SELECT created_on FROM system.stages WHERE name = 'timed'";
    const [[utc = ''] = []] = await sql.rows(statement);
    const answer = await sql.run(statement, SHANGHAI);
    expect(answer.settings).toMatchObject({ timezone: 'Asia/Shanghai' });
    const [[local = ''] = []] = answer.data;
    const hours = (Date.parse(`${String(local)}Z`) - Date.parse(`${String(utc)}Z`)) / 3_600_000;
    expect(hours).toBe(8);
    expect((await sql.rows('DESC STAGE timed', SHANGHAI))[0]).toContain(local);
    expect((await sql.rows("SHOW STAGES LIKE 'timed'", SHANGHAI))[0]).toContain(local);
  });

  it('stays that of the first page on every page', async () => {
    await sql.run('CREATE STAGE timed2');
    const first = await sql.run("SELECT name, created_on FROM system.stages WHERE name LIKE 'timed%'", {
      ...SHANGHAI,
      pagination: { max_rows_per_page: 1 },
    });
    const second = await sql.page(first.next_uri ?? '');
    expect(second.settings).toMatchObject({ timezone: 'Asia/Shanghai' });
    const [[, time] = []] = second.data;
    const [[, expected] = []] = await sql.rows(
      "SELECT name, created_on FROM system.stages WHERE name = 'timed2'",
      SHANGHAI,
    );
    expect(time).toBe(expected);
  });

  it('is set by SET, and taken back by UNSET', async () => {
    const set = await sql.run("SET timezone = 'Europe/Berlin'");
    expect(set.settings).toMatchObject({ timezone: 'Europe/Berlin' });
    expect(set.session).toMatchObject({ settings: { timezone: 'Europe/Berlin' } });
    const unset = await sql.run('UNSET timezone', { session: set.session ?? {} });
    expect(unset.settings).toMatchObject({ timezone: 'UTC' });
  });

  it('that nobody knows is as good as none', async () => {
    const answer = await sql.run('SELECT 1', { session: { settings: { timezone: 'Mars/Olympus' } } });
    expect(answer.settings).toMatchObject({ timezone: 'UTC' });
  });
});
