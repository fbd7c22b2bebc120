import { chmodSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { jest } from '@jest/globals';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PostgresServer } from '../../../scripts/lib/postgres-server.mjs';
import { freePort } from '../../../scripts/lib/free-port.mjs';
import type { DatabaseConfig } from '../../../src/config/database-config.js';
import { DatabaseError } from '../../../src/database/database-error.js';
import { openDatabase } from '../../../src/database/open-database.js';
import type { OpenOptions } from '../../../src/database/open-options.js';
import { describeWithPostgres, newPostgresUrl, runOn } from '../../support/test-database.js';
import { ownPostgres, postgresConfig } from './temporary-postgres.js';
import { TemporaryDatabase } from './temporary-database.js';

/** The sentence for the operator, or that it was opened. */
async function refusal(url: string, opening?: OpenOptions): Promise<string> {
  try {
    const source = await openDatabase(postgresConfig(url), opening);
    await source.destroy();
    return 'it was opened';
  } catch (error) {
    expect(error).toBeInstanceOf(DatabaseError);
    const { message } = error as DatabaseError; // as just expected
    expect(message).not.toContain('\n');
    return message;
  }
}

/** The same database for another user. */
function as(url: string, user: string, password = ''): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

async function applied(url: string): Promise<readonly unknown[]> {
  return runOn(url, 'SELECT name FROM migrations ORDER BY id');
}

describeWithPostgres('a database of PostgreSQL is refused in one sentence that says what to do', () => {
  let url: string;

  beforeEach(async () => {
    url = await newPostgresUrl();
  });

  it('where nobody answers for as long as a start waits', async () => {
    const now = performance.now.bind(performance);
    let passed = 0;
    // Each look at the clock finds it 20 seconds later: a start waits for 30.
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + (passed += 20_000));
    try {
      const port = String(await freePort());
      expect(await refusal(`postgres://somebody:hush@127.0.0.1:${port}/stages`)).toMatch(
        new RegExp(
          `^The database postgres://127\\.0\\.0\\.1:${port}/stages does not answer \\(.*ECONNREFUSED.*\\)\\. Start it, and look at the host and port of DATABASE_URL\\.$`,
        ),
      );
    } finally {
      clock.mockRestore();
    }
  });

  it('where nobody knows the host', async () => {
    const clock = jest.spyOn(performance, 'now');
    let passed = 0;
    clock.mockImplementation(() => (passed += 20_000));
    try {
      expect(await refusal('postgres://somebody@no-such-host.invalid/stages')).toMatch(
        /is on a host that nobody knows: look at the host in DATABASE_URL \(.+\)\.$/,
      );
    } finally {
      clock.mockRestore();
    }
  });

  it('where there is no such database', async () => {
    expect(await refusal(url.replace(/[^/]+$/, 'no_such_database'))).toMatch(
      /^The database postgres:\/\/.+\/no_such_database does not exist: create it, as in CREATE DATABASE stagedoor \(.+\)\.$/,
    );
  });

  it('where its encoding is not UTF8', async () => {
    const name = `${nameOf(url)}_ascii`;
    await runOn(url, `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0`);
    expect(await refusal(url.replace(/[^/]+$/, name))).toMatch(
      / has the encoding SQL_ASCII\. Create it with ENCODING 'UTF8'\.$/,
    );
  });

  it('where a newer version made it', async () => {
    expect(await refusal(url)).toBe('it was opened');
    await runOn(url, "INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'FromTheFuture')");
    expect(await refusal(url)).toMatch(
      /was made by a newer version.+FromTheFuture\. Start that version, or restore the backup/,
    );
  });

  it('where an older version made it, or none, and it may not be changed', async () => {
    expect(await refusal(url, { migrates: false })).toMatch(/older version\. Run the command by the version/);
    expect(await runOn(url, "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'")).toEqual(
      [],
    );
    expect(await refusal(url)).toBe('it was opened');
    await runOn(url, 'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations)');
    expect(await refusal(url, { migrates: false })).toMatch(/older version\. Run the command by the version/);
  });

  it('where the user may make no tables', async () => {
    const user = `${nameOf(url)}_reader`;
    await runOn(url, `CREATE ROLE ${user} LOGIN PASSWORD 'hush'`);
    expect(await refusal(as(url, user, 'hush'))).toMatch(
      / does not let this user create tables: make the user its owner \(.+\)\.$/,
    );
  });

  it('where it may only be read', async () => {
    await runOn(url, `ALTER DATABASE ${nameOf(url)} SET default_transaction_read_only = on`);
    expect(await refusal(url)).toMatch(
      / cannot be written: it is a read-only replica\. Name the primary server in DATABASE_URL \(.+\)\.$/,
    );
  });

  it('where a copy into it was interrupted', async () => {
    expect(await refusal(url)).toBe('it was opened');
    await runOn(url, "INSERT INTO database_state VALUES ('unfinished_copy', 'now')");
    expect(await refusal(url)).toMatch(
      / holds a part of a copy\. Run again what was interrupted: npm run admin -- copy-database, or restore\.$/,
    );
    expect(await refusal(url, { migrates: true, mayBeUnfinished: true })).toBe('it was opened');
  });
});

describeWithPostgres('a server of PostgreSQL that asks for passwords', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await ownPostgres();
    const url = server.url('postgres');
    await runOn(url, "CREATE ROLE ann LOGIN PASSWORD 'of ann'", 'CREATE DATABASE stages OWNER ann');
    const [row] = (await runOn(url, 'SHOW hba_file')) as readonly { hba_file: string }[]; // its column
    const rules = [
      'host all stagedoor 127.0.0.1/32 trust',
      'host all all 127.0.0.1/32 scram-sha-256',
      'local all all trust',
    ];
    writeFileSync(row?.hba_file ?? '', rules.map((rule) => `${rule}\n`).join(''));
    chmodSync(row?.hba_file ?? '', 0o644);
    await runOn(url, 'SELECT pg_reload_conf()');
    await setTimeout(200);
  });

  afterAll(() => server.remove());

  it('lets in who has the right one', async () => {
    expect(await refusal(as(server.url('stages'), 'ann', 'of ann'))).toBe('it was opened');
  });

  it.each([
    [
      'another',
      'not of ann',
      / refuses this user or password: look at DATABASE_URL, and at the pg_hba\.conf of the server \(.+\)\.$/,
    ],
    ['none', '', / asks for a password: give the right one in DATABASE_URL \(.+\)\.$/],
  ])('refuses who has %s, and no password is told', async (_what, password, reason) => {
    const sentence = await refusal(as(server.url('stages'), 'ann', password));
    expect(sentence).toMatch(reason);
    expect(sentence).not.toContain('not of ann');
  });

  it('is waited for if it starts at the same time', async () => {
    await server.stop('fast');
    const opening = refusal(server.url('postgres'));
    await setTimeout(700);
    await server.start();
    expect(await opening).toBe('it was opened');
  });
});

describeWithPostgres('a new database of PostgreSQL', () => {
  it('that many servers open at once gets its tables once', async () => {
    const url = await newPostgresUrl();
    const openings = Array.from({ length: 20 }, () => openDatabase(postgresConfig(url)));
    const sources = await Promise.all(openings);
    const names = sources[0]?.migrations.map((migration) => ({
      name: migration.name ?? migration.constructor.name,
    }));
    expect(await applied(url)).toEqual(names);
    for (const source of sources) await source.destroy();
  });

  it('is waited for while another server makes its tables, longer than a statement may take', async () => {
    const url = await newPostgresUrl();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    try {
      // The lock of migrations: "stag" in ASCII.
      await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${String(0x73_74_61_67)})`);
      const opening = openDatabase(postgresConfig(url, { timeoutSeconds: 1 }));
      const outcome = opening.then(
        (source) => source.destroy(),
        (error: unknown) => error,
      );
      await setTimeout(2_500);
      await other.query('COMMIT');
      expect(await outcome).toBeUndefined();
    } finally {
      await other.end();
    }
  });

  it('of which the making of tables fails has none of them', async () => {
    const url = await newPostgresUrl();
    await runOn(url, 'CREATE TABLE signing_keys (in_the_way text)');
    const told = jest.spyOn(console, 'log').mockImplementation(() => undefined); // TypeORM's word about it
    await expect(openDatabase(postgresConfig(url))).rejects.toThrow('already exists');
    told.mockRestore();
    expect(
      await runOn(
        url,
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
      ),
    ).toEqual([{ name: 'signing_keys' }]);
  });

  it('compares all texts by their bytes, but those that are only looked up', async () => {
    const url = await newPostgresUrl();
    await (await openDatabase(postgresConfig(url))).destroy();
    const others = await runOn(
      url,
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'character')
AND collation_name IS DISTINCT FROM 'C' ORDER BY 1`,
    );
    expect(others).toEqual([{ name: 'migrations.name' }, { name: 'sign_in_counters.key' }]);
  });

  it('has 64 bits for each size and each time', async () => {
    const url = await newPostgresUrl();
    await (await openDatabase(postgresConfig(url))).destroy();
    const numbers = await runOn(
      url,
      `SELECT table_name || '.' || column_name AS name, data_type AS type FROM information_schema.columns
WHERE table_schema = 'public' AND data_type NOT IN ('text', 'character varying', 'boolean') ORDER BY 1`,
    );
    expect(numbers).toEqual([
      { name: 'audit_events.bytes', type: 'bigint' },
      { name: 'audit_events.count', type: 'bigint' },
      { name: 'leftovers.is_abandoned', type: 'integer' },
      { name: 'migrations.id', type: 'integer' },
      { name: 'migrations.timestamp', type: 'bigint' },
      { name: 'processes.pid', type: 'integer' },
      { name: 'sign_in_counters.expire', type: 'bigint' },
      { name: 'sign_in_counters.points', type: 'integer' },
      { name: 'stage_reservations.bytes', type: 'bigint' },
      { name: 'stage_reservations.commits', type: 'integer' },
      { name: 'stage_reservations.replaces', type: 'integer' },
      { name: 'stage_usage.outside_bytes', type: 'bigint' },
      { name: 'stage_usage.outside_files', type: 'bigint' },
      { name: 'stage_usage.used_bytes', type: 'bigint' },
      { name: 'stage_usage.used_files', type: 'bigint' },
      { name: 'stages.quota_bytes', type: 'bigint' },
      { name: 'stages.quota_files', type: 'bigint' },
      { name: 'stored_files.size', type: 'bigint' },
      { name: 'uploads.expected_bytes', type: 'bigint' },
      { name: 'uploads.received_bytes', type: 'bigint' },
      { name: 'users.quota_bytes', type: 'bigint' },
      { name: 'users.quota_files', type: 'bigint' },
    ]);
  });
});

describeWithPostgres('the migrations leave nothing that the entities would change', () => {
  async function drift(config: DatabaseConfig): Promise<readonly string[]> {
    const source: DataSource = await openDatabase(config);
    try {
      const { upQueries } = await source.driver.createSchemaBuilder().log();
      return upQueries.map(({ query }) => query);
    } finally {
      await source.destroy();
    }
  }

  it('on PostgreSQL', async () => {
    expect(await drift(postgresConfig(await newPostgresUrl()))).toEqual([]);
  });

  it('on SQLite, in the process that has opened PostgreSQL too', async () => {
    const temporary = new TemporaryDatabase();
    expect(await drift({ kind: 'sqlite', path: temporary.path })).toEqual([]);
    expect(await drift(postgresConfig(await newPostgresUrl()))).toEqual([]);
    await temporary.remove();
  });
});
