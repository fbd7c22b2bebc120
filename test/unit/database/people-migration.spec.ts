import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../../../src/config/database-config.js';
import { createDataSource } from '../../../src/database/data-source.js';
import { describeWithPostgres, newPostgresUrl } from '../../support/test-database.js';
import { postgresConfig } from './temporary-postgres.js';

const NAME = 'AddPeople1796300000000';
const KINDS = ['SQLite', 'PostgreSQL'] as const;

let folder: string;
let database: DataSource;

async function newConfig(kind: (typeof KINDS)[number]): Promise<DatabaseConfig> {
  if (kind === 'PostgreSQL') return postgresConfig(await newPostgresUrl());
  return { kind: 'sqlite', path: join(folder, 'stages.db') };
}

/** Undoes the migration, and those that came after it. */
async function undo(): Promise<void> {
  const names = database.migrations.map((migration) => migration.constructor.name);
  expect(names).toContain(NAME);
  for (let at = names.length; at > names.indexOf(NAME); at--) await database.undoLastMigration();
}

/** A database of the version before: an administrator, another user, and what both have done. */
async function fillEarlierVersion(): Promise<void> {
  await database.runMigrations();
  await undo();
  for (const statement of [
    "INSERT INTO users (name, password_hash, is_admin, credential) VALUES ('root', 'h1', true, 'c1'), ('ann', NULL, false, 'c2')",
    `INSERT INTO uploads (id, process_id, user_name, stage_name, state, started_at, files, idempotency_key)
     VALUES ('u1', 'p', 'root', 's', 'SUCCESS', 't', '[]', 'k'), ('u2', 'p', 'ann', '~', 'SUCCESS', 't', '[]', 'k')`,
    "INSERT INTO queries (user_name, id, kind, statement_digest, state, touched_at) VALUES ('ann', 'q', 'change', 'd', 'RUNNING', 't')",
    "INSERT INTO stages (id, name, kind, file_format, comment, creator, created_on) VALUES ('s1', 's', 'internal', '{}', '', '''root''@''%''', 't')",
  ]) {
    await database.query(statement);
  }
}

const rows = (query: string): Promise<unknown> => database.query<unknown>(query);

describeWithPostgres.each(KINDS)('the migration to users with ids, on %s', (kind) => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'stagedoor-database-'));
    database = await createDataSource(await newConfig(kind));
    await database.initialize();
    await fillEarlierVersion();
    await database.runMigrations();
  });

  afterEach(async () => {
    await database.destroy();
    rmSync(folder, { recursive: true });
  });

  it('gives each user its name as id, so that all that was kept under the name is its own still', async () => {
    expect(await rows('SELECT id, name, credential, default_role FROM users ORDER BY name')).toEqual([
      { id: 'ann', name: 'ann', credential: 'c2', default_role: '' },
      { id: 'root', name: 'root', credential: 'c1', default_role: 'account_admin' },
    ]);
    expect(await rows('SELECT id, user_id, idempotency_key FROM uploads ORDER BY id')).toEqual([
      { id: 'u1', user_id: 'root', idempotency_key: 'k' },
      { id: 'u2', user_id: 'ann', idempotency_key: 'k' },
    ]);
    expect(await rows('SELECT user_id, id FROM queries')).toEqual([{ user_id: 'ann', id: 'q' }]);
  });

  it('makes administrators of those who had the flag, and owners of all that is there', async () => {
    expect(await rows('SELECT role_id, member_kind, member_id FROM role_members')).toEqual([
      { role_id: 'account_admin', member_kind: 'user', member_id: 'root' },
    ]);
    expect(await rows('SELECT id, name, comment FROM roles ORDER BY id')).toEqual([
      { id: 'account_admin', name: 'account_admin', comment: '' },
      { id: 'public', name: 'public', comment: '' },
    ]);
    expect(await rows('SELECT owner_role FROM stages')).toEqual([{ owner_role: 'account_admin' }]);
  });

  it('lets no user be disabled, and none have to change the password', async () => {
    const all = (await rows('SELECT is_disabled, must_change_password FROM users')) as object[];
    expect(all.flatMap((user) => Object.values(user).map(Boolean))).toEqual([false, false, false, false]);
  });

  it('can be taken back: administrators have the flag again, and rows their users’ names', async () => {
    await database.query("INSERT INTO users (id, name) VALUES ('an id', 'eve')");
    await database.query("INSERT INTO role_members VALUES ('account_admin', 'user', 'an id')");
    await database.query(
      "INSERT INTO queries (user_id, id, kind, statement_digest, state, touched_at) VALUES ('an id', 'q', 'change', 'd', 'RUNNING', 't')",
    );
    await undo();
    const users = (await rows('SELECT name, is_admin FROM users ORDER BY name')) as {
      readonly name: string;
      readonly is_admin: unknown;
    }[];
    expect(users.map((user) => [user.name, Boolean(user.is_admin)])).toEqual([
      ['ann', false],
      ['eve', true],
      ['root', true],
    ]);
    expect(await rows('SELECT user_name FROM queries ORDER BY user_name')).toEqual([
      { user_name: 'ann' },
      { user_name: 'eve' },
    ]);
    expect(await rows("SELECT name FROM database_state WHERE name = 'access_version'")).toEqual([]);
    await database.runMigrations();
    expect(await rows("SELECT id FROM users WHERE name = 'eve'")).toEqual([{ id: 'eve' }]);
  });
});
