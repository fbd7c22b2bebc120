import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { createDataSource } from '../../../src/database/data-source.js';

let folder: string;
let database: DataSource;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-database-'));
  database = await createDataSource({ kind: 'sqlite', path: join(folder, 'sub/stages.db') });
  await database.initialize();
});

afterEach(async () => {
  if (database.isInitialized) await database.destroy();
  rmSync(folder, { recursive: true });
});

async function tables(): Promise<string[]> {
  const rows = await database.query<{ name: string }[]>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

async function schema(): Promise<unknown> {
  return database.query('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name');
}

async function undoAll(): Promise<void> {
  let left = database.migrations.length;
  while (left-- > 0) await database.undoLastMigration();
}

/** Down to the one of that name, this one too. */
async function undoLast(name: string): Promise<void> {
  for (const last of database.migrations.map((migration) => migration.constructor.name).toReversed()) {
    await database.undoLastMigration();
    if (last === name) return;
  }
}

describe('the migrations', () => {
  it('make the tables, take them away again, and make the same ones once more', async () => {
    await database.runMigrations();
    const first = await schema();
    expect(await tables()).toEqual([
      'api_tokens',
      'audit_events',
      'connections',
      'database_state',
      'ended_sessions',
      'grants',
      'leftovers',
      'migrations',
      'processes',
      'queries',
      'role_members',
      'roles',
      'signing_keys',
      'stage_reservations',
      'stage_usage',
      'stages',
      'stored_files',
      'uploads',
      'users',
    ]);
    await undoAll();
    expect(await tables()).toEqual(['migrations']);
    await database.runMigrations();
    expect(await schema()).toEqual(first);
  });

  it('run once each', async () => {
    expect(await database.runMigrations()).toHaveLength(database.migrations.length);
    expect(await database.runMigrations()).toEqual([]);
  });

  it('leave nothing that the entities would change', async () => {
    await database.runMigrations();
    const { upQueries } = await database.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('give buckets whose endpoints were spelled in two ways one name, and keep what was known', async () => {
    await database.runMigrations();
    await undoLast('NameStoresOnce1795800000000');
    const rows = [
      ['s3://b at http://localhost:9000', 'both', '1'],
      ['s3://b at http://127.0.0.1:9000', 'both', '1'],
      ['s3://b at http://127.0.0.1:9000', 'one', '1'],
      ['s3://b at https://s3.eu-central-1.amazonaws.com', 'aws', '1'],
      ['fs:///exports', 'local', '1'],
    ];
    for (const row of rows) {
      await database.query(
        `INSERT INTO stored_files (store, object_key, etag, size, creator, stored_at, upload_id) VALUES (?, ?, ?, 1, 'c', 't', 'u')`,
        row,
      );
    }
    await database.runMigrations();
    expect(
      await database.query('SELECT store, object_key FROM stored_files ORDER BY store, object_key'),
    ).toEqual([
      { store: 'fs:///exports', object_key: 'local' },
      { store: 's3://b at aws', object_key: 'aws' },
      { store: 's3://b at localhost:9000', object_key: 'both' },
      { store: 's3://b at localhost:9000', object_key: 'one' },
    ]);
  });

  it('give each user that is there a credential of its own, so that none ends by an empty one', async () => {
    await database.runMigrations();
    await undoLast('AddCredentialsAndSigningKeys1796000000000');
    for (const name of ['root', 'ann']) {
      await database.query('INSERT INTO users (name, password_hash, is_admin) VALUES (?, NULL, 1)', [name]);
    }
    await database.runMigrations();
    const users = await database.query<{ credential: string }[]>('SELECT credential FROM users');
    const credentials = users.map(({ credential }) => credential);
    expect(credentials).toEqual([
      expect.stringMatching(/^[\da-f-]{36}$/),
      expect.stringMatching(/^[\da-f-]{36}$/),
    ]);
    expect(new Set(credentials).size).toBe(2);
  });

  it('are needed: without them the entities have much to change', async () => {
    const { upQueries } = await database.driver.createSchemaBuilder().log();
    expect(upQueries.length).toBeGreaterThan(0);
  });
});

it.each([
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['busy_timeout', 0],
  ['journal_size_limit', 16 * 1024 * 1024],
  ['foreign_keys', 1],
])('the database is opened with %s = %s', async (pragma, value) => {
  const [row] = await database.query<Record<string, unknown>[]>(`PRAGMA ${pragma}`);
  expect(Object.values(row ?? {})).toEqual([value]);
});

describe("ormconfig, for TypeORM's own CLI", () => {
  const { DATA_DIR: dataDir } = process.env;

  afterEach(() => {
    if (dataDir === undefined) delete process.env['DATA_DIR'];
    else process.env['DATA_DIR'] = dataDir;
  });

  it('is the database of the settings, whose migrations run when the CLI says so', async () => {
    process.env['DATA_DIR'] = join(folder, 'cli');
    const { default: source } = await import('../../../ormconfig.js');
    expect(source).toBeInstanceOf(DataSource);
    expect(source.options).toMatchObject({
      database: join(folder, 'cli/stagedoor.db'),
      synchronize: false,
    });
    await source.initialize();
    expect(await source.showMigrations()).toBe(true);
    await source.runMigrations();
    expect(await source.showMigrations()).toBe(false);
    await source.destroy();
  });
});
