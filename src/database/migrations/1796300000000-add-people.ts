import {
  Table,
  TableIndex,
  type MigrationInterface,
  type QueryRunner,
  type TableColumnOptions,
} from 'typeorm';

/**
 * Adds roles, grants and API tokens, and gives users ids. Users of earlier versions have their names as ids, so that what is kept
 * under a name, such as the files of their own stages, is now kept under the same text as an id.
 */
export class AddPeople1796300000000 implements MigrationInterface {
  readonly name = 'AddPeople1796300000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const text = isPostgres ? 'varchar COLLATE "C"' : 'varchar';
    for (const table of tables(isPostgres)) await runner.createTable(table);
    for (const column of userColumns(text, no(runner)))
      await runner.query(`ALTER TABLE users ADD COLUMN ${column}`);
    await runner.query(`ALTER TABLE stages ADD COLUMN owner_role ${text} NOT NULL DEFAULT 'account_admin'`);
    await runner.query(
      `ALTER TABLE connections ADD COLUMN owner_role ${text} NOT NULL DEFAULT 'account_admin'`,
    );
    await runner.query(`ALTER TABLE uploads ADD COLUMN user_id ${text} NOT NULL DEFAULT ''`);
    await runner.query('UPDATE uploads SET user_id = user_name');
    await runner.query('DROP INDEX uploads_idempotency_key');
    await runner.query('CREATE UNIQUE INDEX uploads_idempotency_key ON uploads (user_id, idempotency_key)');
    await runner.query('ALTER TABLE queries RENAME COLUMN user_name TO user_id');
    await addBuiltIns(runner);
    await runner.query('ALTER TABLE users DROP COLUMN is_admin');
  }

  /** Users get back one flag: whether they are administrators. Roles, grants and tokens are lost. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD COLUMN is_admin boolean NOT NULL DEFAULT ${no(runner)}`);
    await runner.query(
      `UPDATE users SET is_admin = true WHERE id IN (SELECT member_id FROM role_members WHERE role_id = 'account_admin' AND member_kind = 'user')`,
    );
    await runner.query('ALTER TABLE queries RENAME COLUMN user_id TO user_name');
    await runner.query(
      'UPDATE queries SET user_name = coalesce((SELECT name FROM users WHERE users.id = queries.user_name), user_name)',
    );
    await runner.query('DROP INDEX uploads_idempotency_key');
    await runner.query('ALTER TABLE uploads DROP COLUMN user_id');
    await runner.query('CREATE UNIQUE INDEX uploads_idempotency_key ON uploads (user_name, idempotency_key)');
    await runner.query('ALTER TABLE connections DROP COLUMN owner_role');
    await runner.query('ALTER TABLE stages DROP COLUMN owner_role');
    await runner.query('DROP INDEX users_id');
    for (const column of userColumns('', '').reverse())
      await runner.query(`ALTER TABLE users DROP COLUMN ${column.split(' ', 1)[0] ?? ''}`);
    for (const table of ['api_tokens', 'grants', 'role_members', 'roles']) await runner.dropTable(table);
    await runner.query("DELETE FROM database_state WHERE name = 'access_version'");
  }
}

/** `false` as the database shows it as a default, which TypeORM compares with the entity's. */
function no(runner: QueryRunner): string {
  return runner.dataSource.options.type === 'postgres' ? 'false' : '0';
}

function userColumns(text: string, no: string): string[] {
  return [
    `id ${text} NOT NULL DEFAULT ''`,
    `auth_type ${text} NOT NULL DEFAULT 'double_sha1_password'`,
    `default_role ${text} NOT NULL DEFAULT ''`,
    `default_warehouse ${text} NOT NULL DEFAULT ''`,
    `is_disabled boolean NOT NULL DEFAULT ${no}`,
    `must_change_password boolean NOT NULL DEFAULT ${no}`,
    `created_on ${text} NOT NULL DEFAULT ''`,
    `updated_on ${text} NOT NULL DEFAULT ''`,
  ];
}

async function addBuiltIns(runner: QueryRunner): Promise<void> {
  const now = new Date().toISOString();
  await runner.query(`UPDATE users SET id = name, created_on = '${now}', updated_on = '${now}'`);
  await runner.query('CREATE UNIQUE INDEX users_id ON users (id)');
  for (const role of ['account_admin', 'public']) {
    await runner.query(
      `INSERT INTO roles (id, name, comment, created_on, updated_on) VALUES ('${role}', '${role}', '', '${now}', '${now}')`,
    );
  }
  await runner.query("UPDATE users SET default_role = 'account_admin' WHERE is_admin");
  await runner.query(
    "INSERT INTO role_members (role_id, member_kind, member_id) SELECT 'account_admin', 'user', id FROM users WHERE is_admin",
  );
  await runner.query("INSERT INTO database_state (name, value) VALUES ('access_version', 'first')");
}

function tables(isPostgres: boolean): readonly Table[] {
  const text = { type: 'varchar', ...(isPostgres ? { collation: 'C' } : {}) };
  const columns: Columns = (keys, others, optional = []) => [
    ...keys.map((name) => ({ name, ...text, isPrimary: true })),
    ...others.map((name) => ({ name, ...text, isUnique: UNIQUE.has(name) })),
    ...optional.map((name) => ({ name, ...text, isNullable: true })),
  ];
  return [
    new Table({
      name: 'roles',
      columns: columns(['id'], ['name', 'comment', 'created_on', 'updated_on']),
      uniques: [{ columnNames: ['name'] }],
    }),
    // A role's members, users and roles, have all that is granted to it.
    new Table({
      name: 'role_members',
      columns: columns(['role_id', 'member_kind', 'member_id'], []),
      indices: [new TableIndex({ name: 'role_members_member', columnNames: ['member_kind', 'member_id'] })],
    }),
    new Table({
      name: 'grants',
      columns: columns(['object_kind', 'object_id', 'privilege', 'grantee_kind', 'grantee_id'], []),
      indices: [new TableIndex({ name: 'grants_grantee', columnNames: ['grantee_kind', 'grantee_id'] })],
    }),
    apiTokens(columns),
  ];
}

type Columns = (
  keys: readonly string[],
  others: readonly string[],
  optional?: readonly string[],
) => TableColumnOptions[];

/** The columns that are unique wherever they are. */
const UNIQUE = new Set(['digest']);

function apiTokens(columns: Columns): Table {
  return new Table({
    name: 'api_tokens',
    columns: columns(
      ['id'],
      ['user_id', 'name', 'digest', 'created_on'],
      ['scope', 'expires_on', 'last_used_on'],
    ),
    indices: [new TableIndex({ name: 'api_tokens_name', columnNames: ['user_id', 'name'], isUnique: true })],
  });
}
