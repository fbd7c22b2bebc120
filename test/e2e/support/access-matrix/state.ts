import { Readable } from 'node:stream';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { OPERATOR, type Principal } from '../../../../src/access/principal.js';
import { SessionService } from '../../../../src/auth/session.service.js';
import { SqlDatabase } from '../../../../src/database/sql-database.js';
import { sql, type SqlStatement, type SqlValue } from '../../../../src/database/sql.js';
import { QueryRecords } from '../../../../src/query/runs/query-records.js';
import { ConnectionCatalog } from '../../../../src/stages/connections/connection-catalog.js';
import { StageService } from '../../../../src/stages/files/stage.service.js';
import { objectKey } from '../../../../src/storage/contract/object-key.js';
import type { User } from '../../../../src/users/accounts/user.js';
import { UserRepository } from '../../../../src/users/accounts/user.repository.js';
import { newUser, UserService } from '../../../../src/users/accounts/user.service.js';
import { Principals } from '../../../../src/users/principals/principals.js';
import { ApiTokenRepository } from '../../../../src/users/tokens/api-token.repository.js';
import { AccessVersion } from '../../../../src/users/version/access-version.js';
import { basic } from '../client.js';
import { CALLERS, PASSWORD, tokenText, userId, type Caller } from './callers.js';
import { connectionIdOf, peopleRows, tokenOf } from './state-rows.js';

const CONNECTION_COLUMNS = 'id, name, storage_type, sealed_options, creator, created_on, owner_role';
const CONNECTION = sql<readonly SqlValue[]>(`SELECT ${CONNECTION_COLUMNS} FROM connections WHERE name = 'c'`);
const ADD_CONNECTION = sql(`INSERT INTO connections (${CONNECTION_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`);
const ADD_UPLOAD = sql(
  "INSERT INTO uploads (id, process_id, user_id, user_name, stage_name, state, started_at, ended_at, files) VALUES (?, 'p', ?, ?, 's', 'SUCCESS', ?, ?, '[]')",
);
const CLEARED = [
  "DELETE FROM users WHERE id <> 'root'",
  "DELETE FROM roles WHERE id <> 'account_admin' AND id <> 'public'",
  "DELETE FROM role_members WHERE member_id <> 'root'",
  'DELETE FROM grants',
  'DELETE FROM api_tokens',
  'DELETE FROM stages',
  'DELETE FROM connections',
].map((text) => sql(text).with());

/** The state of the server that each case of the matrix finds: always the same rows, under the same ids. */
export class MatrixState {
  readonly #app: NestExpressApplication;
  readonly #passwordHash: string | null;
  readonly #connection: readonly SqlValue[];
  readonly #sessionTokens = new Map<string, string>();

  private constructor(
    app: NestExpressApplication,
    passwordHash: string | null,
    connection: readonly SqlValue[],
  ) {
    this.#app = app;
    this.#passwordHash = passwordHash;
    this.#connection = connection;
  }

  static async create(app: NestExpressApplication): Promise<MatrixState> {
    const options = new Map([
      ['access_key_id', 'a'],
      ['secret_access_key', 'b'],
    ]);
    await app.get(ConnectionCatalog).create({ name: 'c', storageType: 's3', options }, OPERATOR);
    const [connection = []] = await app.get(SqlDatabase).readRows(CONNECTION);
    const state = new MatrixState(app, await app.get(UserService).hash(PASSWORD), connection);
    const now = new Date().toISOString();
    const uploads = [...CALLERS.map(userId), userId({ name: 'somebody' })];
    await app
      .get(SqlDatabase)
      .write(uploads.map((id) => ADD_UPLOAD.with(`upload of ${id}`.replaceAll(' ', '-'), id, id, now, now)));
    await state.reset();
    return state;
  }

  /** Makes all rows anew, in one commit. */
  async reset(): Promise<void> {
    this.#sessionTokens.clear(); // a logout may have ended one
    const users = this.#app.get(UserRepository);
    const tokens = this.#app.get(ApiTokenRepository);
    const statements: readonly SqlStatement[] = [
      ...CLEARED,
      ...CALLERS.map((caller) => users.insertion(this.#userOf(caller))),
      ...CALLERS.flatMap((caller) => tokenOf(caller) ?? []).map((token) => tokens.insertion(token)),
      users.insertion({ ...newUser('subject'), id: userId({ name: 'subject' }) }),
      ADD_CONNECTION.with(...this.#connection),
      ...peopleRows(this.#app, connectionIdOf(this.#connection)),
    ];
    await this.#app
      .get(AccessVersion)
      .change(() => Promise.resolve({ statements, event: undefined, result: undefined }));
  }

  /** There is a file `f` in each stage that the caller could ask about. */
  async addFiles(caller: Caller): Promise<void> {
    const stages = this.#app.get(StageService);
    const principal: Principal = { ...OPERATOR, userId: userId(caller) };
    for (const name of ['shared', 'other', '~']) {
      const stage = await stages.resolve(name, principal, 'Write');
      await stage.storage.put(objectKey('f'), Readable.from(['content']));
    }
  }

  addQuery(caller: Caller, id: string): void {
    this.#app.get(QueryRecords).rememberAnswered({ userId: userId(caller), id });
  }

  /** As the server makes it of the caller's credentials, whether they are good or not. */
  async principalOf(caller: Caller): Promise<Principal> {
    const principals = this.#app.get(Principals);
    const user = await this.#app.get(UserService).findById(userId(caller));
    if (user === null) throw new TypeError(`there is no ${caller.name}`);
    const token = tokenOf(caller) ?? (caller.credentials === 'revoked token' ? { id: 'revoked' } : undefined);
    if (token === undefined) return principals.of(user);
    return principals.ofToken(user, { id: token.id, scope: undefined });
  }

  /** @param attempt a number of its own, so that a wrong password is not refused for being one of many. */
  async authorizationOf(caller: Caller, attempt: number): Promise<Readonly<Record<string, string>>> {
    switch (caller.credentials) {
      case 'none':
        return { authorization: '' };
      case 'wrong password': {
        const { name } = CALLERS[attempt % CALLERS.length] ?? caller;
        const address = `198.51.${String(attempt >> 8)}.${String(attempt & 255)}`;
        return {
          authorization: basic(attempt % 3 === 0 ? name : `nobody ${String(attempt)}`, 'wrong'),
          'x-forwarded-for': address,
        };
      }
      case 'password':
        return { authorization: basic(caller.name, PASSWORD) };
      case 'session token':
        return { authorization: `Bearer ${await this.#sessionTokenOf(caller)}` };
      case 'API token':
      case 'expired token':
      case 'revoked token':
        return { authorization: `Bearer ${tokenText(caller)}` };
    }
  }

  async #sessionTokenOf(caller: Caller): Promise<string> {
    const issued = this.#sessionTokens.get(caller.name);
    if (issued !== undefined) return issued;
    const token = this.#app.get(SessionService).start(await this.principalOf(caller)).session_token;
    this.#sessionTokens.set(caller.name, token);
    return token;
  }

  #userOf(caller: Caller): User {
    const { name, isDisabled = false, mustChangePassword = false, administers = false } = caller;
    const ownRole = caller.isCurrent === true ? `role of ${name}` : '';
    return {
      ...newUser(name),
      id: userId(caller),
      credential: `credential of ${name}`,
      passwordHash: this.#passwordHash,
      defaultRole: administers ? 'account_admin' : ownRole,
      isDisabled,
      mustChangePassword,
    };
  }
}
