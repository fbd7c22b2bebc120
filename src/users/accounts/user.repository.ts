import { Injectable } from '@nestjs/common';
import { quotaOf, type Quota } from '../../access/quota.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlStatement } from '../../database/sql.js';
import { AccessVersion } from '../version/access-version.js';
import { VersionedCache } from '../version/versioned-cache.js';
import type { AuthType, User } from './user.js';

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly password_hash: string | null;
  readonly auth_type: AuthType;
  readonly credential: string;
  readonly default_role: string;
  readonly default_warehouse: string;
  /** SQLite has 0 and 1. */
  readonly is_disabled: boolean | number;
  readonly must_change_password: boolean | number;
  readonly created_on: string;
  readonly updated_on: string;
  readonly quota_bytes: number | null;
  readonly quota_files: number | null;
}

const USERS = `SELECT id, name, password_hash, auth_type, credential, default_role, default_warehouse, is_disabled, must_change_password,
created_on, updated_on, quota_bytes, quota_files FROM users`;
const BY_NAME = sql<UserRow>(`${USERS} WHERE name = ?`);
const BY_ID = sql<UserRow>(`${USERS} WHERE id = ?`);
const PAGE = sql<UserRow>(`${USERS} WHERE name > ? ORDER BY name LIMIT ?`);
const INSERT =
  sql(`INSERT INTO users (id, name, password_hash, auth_type, credential, default_role, default_warehouse, is_disabled,
must_change_password, created_on, updated_on) VALUES (?, ?, ?, ?, ?, ?, ?, ? <> 0, ? <> 0, ?, ?)`);
const UPDATE =
  sql(`UPDATE users SET password_hash = ?, auth_type = ?, credential = ?, default_role = ?, default_warehouse = ?,
is_disabled = (? <> 0), must_change_password = (? <> 0), updated_on = ? WHERE id = ?`);
const SET_QUOTA = sql('UPDATE users SET quota_bytes = ?, quota_files = ? WHERE id = ?');
const ENABLED = sql<readonly [string]>('SELECT id FROM users WHERE NOT is_disabled');
const DELETE = sql('DELETE FROM users WHERE id = ?');
const BATCH = 1000;
const REMEMBERED_USERS = 10_000;

/** Stores users. */
@Injectable()
export class UserRepository {
  readonly #byName = new VersionedCache<User | null>(REMEMBERED_USERS);
  readonly #byId = new VersionedCache<User | null>(REMEMBERED_USERS);

  constructor(
    private readonly database: SqlDatabase,
    private readonly versions: AccessVersion,
  ) {}

  /** Finds the user as it is now: another server may have changed it. */
  async find(name: string, version?: string): Promise<User | null> {
    const now = version ?? (await this.versions.current());
    return this.#byName.get(now, name, () => this.#read(BY_NAME, name));
  }

  async findById(id: string, version?: string): Promise<User | null> {
    const now = version ?? (await this.versions.current());
    return this.#byId.get(now, id, () => this.#read(BY_ID, id));
  }

  /** Yields all users, ordered by name. */
  async *list(after = ''): AsyncGenerator<readonly User[]> {
    for (let last: string | undefined = after; last !== undefined;) {
      const rows: readonly UserRow[] = await this.database.read(PAGE, last, BATCH);
      yield rows.map(userOf);
      last = rows.length < BATCH ? undefined : rows.at(-1)?.name;
    }
  }

  async enabledIds(): Promise<readonly string[]> {
    return (await this.database.readRows(ENABLED)).map(([id]) => id);
  }

  insertion(user: User): SqlStatement {
    const { id, name, createdOn } = user;
    const [passwordHash, authType, credential, role, warehouse, disabled, must, updatedOn] = valuesOf(user);
    return INSERT.with(
      ...[id, name, passwordHash, authType, credential, role, warehouse, disabled, must],
      createdOn.toISOString(),
      updatedOn,
    );
  }

  update(user: User): SqlStatement {
    return UPDATE.with(...valuesOf(user), user.id);
  }

  /** Limits the user's own stage. No other statement changes a quota. */
  quotaChange(id: string, quota: Quota | null): SqlStatement {
    return SET_QUOTA.with(quota?.maxBytes ?? null, quota?.maxFiles ?? null, id);
  }

  deletion(id: string): SqlStatement {
    return DELETE.with(id);
  }

  async #read(query: Sql<UserRow>, key: string): Promise<User | null> {
    const [row] = await this.database.read(query, key);
    return row === undefined ? null : userOf(row);
  }
}

type Values = readonly [string | null, string, string, string, string, number, number, string];

function valuesOf(user: User): Values {
  return [
    user.passwordHash,
    user.authType,
    user.credential,
    user.defaultRole,
    user.defaultWarehouse,
    Number(user.isDisabled),
    Number(user.mustChangePassword),
    user.updatedOn.toISOString(),
  ];
}

function userOf(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    passwordHash: row.password_hash,
    authType: row.auth_type,
    credential: row.credential,
    defaultRole: row.default_role,
    defaultWarehouse: row.default_warehouse,
    isDisabled: Boolean(row.is_disabled),
    mustChangePassword: Boolean(row.must_change_password),
    createdOn: new Date(row.created_on),
    updatedOn: new Date(row.updated_on),
    quota: quotaOf(row.quota_bytes, row.quota_files),
  };
}
