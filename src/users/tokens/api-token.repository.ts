import { Injectable } from '@nestjs/common';
import type { TokenScope } from '../../access/token-scope.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlStatement } from '../../database/sql.js';
import { AccessVersion } from '../version/access-version.js';
import { VersionedCache } from '../version/versioned-cache.js';
import type { ApiToken } from './api-token.js';

interface TokenRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly digest: string;
  readonly scope: string | null;
  readonly created_on: string;
  readonly expires_on: string | null;
  readonly last_used_on: string | null;
}

const TOKENS =
  'SELECT id, user_id, name, digest, scope, created_on, expires_on, last_used_on FROM api_tokens';
const BY_DIGEST = sql<TokenRow>(`${TOKENS} WHERE digest = ?`);
const BY_ID = sql<TokenRow>(`${TOKENS} WHERE id = ?`);
const OF_USER = sql<TokenRow>(`${TOKENS} WHERE user_id = ? ORDER BY name`);
const INSERT = sql(
  'INSERT INTO api_tokens (id, user_id, name, digest, scope, created_on, expires_on) VALUES (?, ?, ?, ?, ?, ?, ?)',
);
const DELETE = sql('DELETE FROM api_tokens WHERE id = ?');
const DELETE_OF_USER = sql('DELETE FROM api_tokens WHERE user_id = ?');
const TOUCH = sql('UPDATE api_tokens SET last_used_on = ? WHERE id = ?');
const REMEMBERED_TOKENS = 10_000;

/** Stores API tokens by their digests. */
@Injectable()
export class ApiTokenRepository {
  readonly #byDigest = new VersionedCache<ApiToken | null>(REMEMBERED_TOKENS);
  readonly #byId = new VersionedCache<ApiToken | null>(REMEMBERED_TOKENS);

  constructor(
    private readonly database: SqlDatabase,
    private readonly versions: AccessVersion,
  ) {}

  async findByDigest(digest: string): Promise<ApiToken | null> {
    const version = await this.versions.current();
    return this.#byDigest.get(version, digest, () => this.#read(BY_DIGEST, digest));
  }

  async findById(id: string): Promise<ApiToken | null> {
    const version = await this.versions.current();
    return this.#byId.get(version, id, () => this.#read(BY_ID, id));
  }

  /** Ordered by name. */
  async listOf(userId: string): Promise<readonly ApiToken[]> {
    return (await this.database.read(OF_USER, userId)).map(tokenOf);
  }

  insertion({ id, userId, name, digest, scope, createdOn, expiresOn }: ApiToken): SqlStatement {
    const json = scope === undefined ? null : JSON.stringify(scope);
    return INSERT.with(
      ...[id, userId, name, digest, json, createdOn.toISOString()],
      expiresOn?.toISOString() ?? null,
    );
  }

  deletion(id: string): SqlStatement {
    return DELETE.with(id);
  }

  /** Records uses. Needs no other version: nothing is decided by it. */
  async touch(uses: ReadonlyMap<string, Date>): Promise<void> {
    if (uses.size === 0) return;
    await this.database.write([...uses].map(([id, time]) => TOUCH.with(time.toISOString(), id)));
  }

  async #read(query: Sql<TokenRow>, key: string): Promise<ApiToken | null> {
    const [row] = await this.database.read(query, key);
    return row === undefined ? null : tokenOf(row);
  }
}

/** Revokes all tokens of a user. */
export function endOfTokens(userId: string): SqlStatement {
  return DELETE_OF_USER.with(userId);
}

function tokenOf(row: TokenRow): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    digest: row.digest,
    scope: row.scope === null ? undefined : (JSON.parse(row.scope) as TokenScope), // written by `insertion`
    createdOn: new Date(row.created_on),
    expiresOn: row.expires_on === null ? undefined : new Date(row.expires_on),
    lastUsedOn: row.last_used_on === null ? undefined : new Date(row.last_used_on),
  };
}
