import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseConfig } from '../../../src/config/database-config.js';
import { openDatabase, openSqlDatabase } from '../../../src/database/open-database.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import type { SqlStatement } from '../../../src/database/sql.js';
import { PasswordHasher } from '../../../src/users/accounts/password-hasher.js';
import type { User } from '../../../src/users/accounts/user.js';
import { UserRepository } from '../../../src/users/accounts/user.repository.js';
import { newUser, UserService } from '../../../src/users/accounts/user.service.js';
import { GrantRepository } from '../../../src/users/grants/grant.repository.js';
import { Principals } from '../../../src/users/principals/principals.js';
import { RoleRepository } from '../../../src/users/roles/role.repository.js';
import { ApiTokenRepository } from '../../../src/users/tokens/api-token.repository.js';
import { AccessVersion } from '../../../src/users/version/access-version.js';
import { newPostgresUrl } from '../../support/test-database.js';
import { postgresConfig } from '../database/temporary-postgres.js';

export type DatabaseName = 'SQLite' | 'PostgreSQL';

/** What one server has of users, roles, grants and tokens. */
export class PeopleServer {
  readonly versions: AccessVersion;
  readonly users: UserRepository;
  readonly roles: RoleRepository;
  readonly grants: GrantRepository;
  readonly tokens: ApiTokenRepository;
  readonly principals: Principals;
  readonly service: UserService;

  constructor(readonly database: SqlDatabase) {
    this.versions = new AccessVersion(database);
    this.users = new UserRepository(database, this.versions);
    this.roles = new RoleRepository(database, this.versions);
    this.grants = new GrantRepository(database, this.versions);
    this.tokens = new ApiTokenRepository(database, this.versions);
    this.principals = new Principals(this.versions, this.users, this.roles, this.grants);
    this.service = new UserService(this.users, this.roles, this.versions, new PasswordHasher());
  }

  /** Commits under another version. */
  async commit(...statements: readonly SqlStatement[]): Promise<void> {
    await this.versions.change(() => Promise.resolve({ statements, event: undefined, result: undefined }));
  }

  async addUser(name: string, more: Partial<User> = {}): Promise<User> {
    const user = { ...newUser(name), ...more };
    await this.commit(this.users.insertion(user));
    return user;
  }

  /** Roles whose ids are their names. */
  async addRoles(...names: readonly string[]): Promise<void> {
    const now = new Date();
    const role = (name: string): SqlStatement =>
      this.roles.insertion({ id: name, name, comment: '', createdOn: now, updatedOn: now });
    await this.commit(...names.map(role));
  }

  async giveRoles(user: User, ...roles: readonly string[]): Promise<void> {
    await this.commit(...roles.map((role) => this.roles.addition(role, 'user', user.id)));
  }
}

/** A database of its own, and servers on it. */
export class PeopleFixture {
  readonly #folder = mkdtempSync(join(tmpdir(), 'stagedoor-people-'));
  readonly #opened: SqlDatabase[] = [];
  readonly #config: DatabaseConfig;

  private constructor(config: DatabaseConfig | undefined) {
    this.#config = config ?? { kind: 'sqlite', path: join(this.#folder, 'stages.db') };
  }

  static async create(kind: DatabaseName = 'SQLite'): Promise<PeopleFixture> {
    const fixture = new PeopleFixture(kind === 'SQLite' ? undefined : postgresConfig(await newPostgresUrl()));
    await (await openDatabase(fixture.#config)).destroy();
    return fixture;
  }

  async server(): Promise<PeopleServer> {
    const database = await openSqlDatabase(this.#config);
    this.#opened.push(database);
    return new PeopleServer(database);
  }

  async remove(): Promise<void> {
    for (const database of this.#opened) await database.close();
    rmSync(this.#folder, { recursive: true });
  }
}
