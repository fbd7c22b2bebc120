import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SESSION } from '../../access/privileges.js';
import type { TokenScope } from '../../access/token-scope.js';
import { changed } from '../../audit/events/audit-event.js';
import { StageCatalog } from '../../stages/catalog/stage-catalog.js';
import { USER_STAGE_NAME } from '../../stages/catalog/stage.js';
import { isExpired, newTokenText, tokenDigest, type ApiToken } from '../../users/tokens/api-token.js';
import { ApiTokenRepository, endOfTokens } from '../../users/tokens/api-token.repository.js';
import { UserError } from '../../users/user-error.js';
import { unknownUser, UserCatalog, userObject } from '../accounts/user-catalog.js';
import { People } from '../people.js';
import { checkNewToken, type NamedScope, type NewToken } from './new-token.js';

/** A token as it is shown. */
export interface ShownToken {
  readonly token: ApiToken;
  /** Its stages by their names now. Those that are gone, or hidden from the caller, are left out. */
  readonly scope: NamedScope | undefined;
}

/** A token that was just made: the only time that its text is known. */
export interface IssuedToken extends ShownToken {
  readonly text: string;
}

const MAX_TOKENS = 100;

/** API tokens, of the caller or of another user. */
@Injectable()
export class TokenCatalog {
  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly people: People,
    private readonly users: UserCatalog,
    private readonly stages: StageCatalog,
  ) {}

  /**
   * An expired token gives way to one of the same name, or where the user has too many.
   *
   * @throws UserError of kind `InvalidToken`, `TokenAlreadyExists` or `TooManyTokens`; StageError of kind `UnknownStage`.
   */
  async create(request: NewToken, principal: Principal): Promise<IssuedToken> {
    requirePrivilege(principal, 'ManageTokens', SESSION);
    checkNewToken(request);
    const text = newTokenText();
    const scope = request.scope && (await this.#resolved(request.scope, principal));
    const token = newToken(request, scope, text, principal);
    await this.people.change(async ({ version }) => {
      if ((await this.people.users.findById(token.userId, version)) === null)
        throw unknownUser(principal.name);
      const all = await this.tokens.listOf(token.userId);
      const expired = all.filter(
        (each) => isExpired(each) && (each.name === token.name || all.length >= MAX_TOKENS),
      );
      assertRoomFor(
        token,
        all.filter((each) => !expired.includes(each)),
      );
      const ends = expired.map(({ id }) => this.tokens.deletion(id));
      const detail = { id: token.id, scope: request.scope, expires: token.expiresOn?.toISOString() };
      const event = changed('token.create', principal, { object: token.name, detail });
      return { statements: [...ends, this.tokens.insertion(token)], event, result: undefined };
    });
    return { text, ...(await this.#shown(token, principal)) };
  }

  /** The caller's own tokens, ordered by name. */
  async list(principal: Principal): Promise<readonly ShownToken[]> {
    requirePrivilege(principal, 'ManageTokens', SESSION);
    return this.#listOf(principal.userId, principal);
  }

  async listOf(userName: string, principal: Principal): Promise<readonly ShownToken[]> {
    return this.#listOf(await this.#idOf(userName, principal), principal);
  }

  /** Ends one of the caller's own tokens. @throws UserError of kind `UnknownToken`. */
  async revoke(id: string, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ManageTokens', SESSION);
    await this.#revoke(id, { userId: principal.userId, userName: principal.name }, principal);
  }

  /** @throws UserError of kind `UnknownToken` if the user has no such token. */
  async revokeOf(userName: string, id: string, principal: Principal): Promise<void> {
    await this.#revoke(id, { userId: await this.#idOf(userName, principal), userName }, principal);
  }

  /** @returns how many there were. */
  async revokeAllOf(userName: string, principal: Principal): Promise<number> {
    const userId = await this.#idOf(userName, principal);
    return this.people.change(async () => {
      const { length } = await this.tokens.listOf(userId);
      if (length === 0) return { statements: [], event: undefined, result: length };
      const event = changed('token.revoke', principal, { count: length, detail: { user: userName } });
      return { statements: [endOfTokens(userId)], event, result: length };
    });
  }

  async #revoke(
    id: string,
    { userId, userName }: { readonly userId: string; readonly userName: string },
    principal: Principal,
  ): Promise<void> {
    await this.people.change(async () => {
      const revoked = (await this.tokens.listOf(userId)).find((token) => token.id === id);
      if (revoked === undefined) throw unknownToken();
      const facts = { object: revoked.name, detail: { id, user: userName } };
      const event = changed('token.revoke', principal, facts);
      return { statements: [this.tokens.deletion(id)], event, result: undefined };
    });
  }

  async #listOf(userId: string, principal: Principal): Promise<readonly ShownToken[]> {
    const tokens = await this.tokens.listOf(userId);
    return Promise.all(tokens.map((token) => this.#shown(token, principal)));
  }

  async #idOf(userName: string, principal: Principal): Promise<string> {
    const person = await this.users.describe(userName, principal);
    requirePrivilege(principal, 'Alter', userObject(person));
    return person.user.id;
  }

  /** Stages are kept by their ids: another one under the name is not meant. */
  async #resolved({ stages, prefix, privileges }: NamedScope, principal: Principal): Promise<TokenScope> {
    const ids = stages && (await Promise.all(stages.map((name) => this.#stageId(name, principal))));
    return {
      stages: ids && [...new Set(ids)],
      prefix: prefix === '' ? undefined : prefix,
      privileges: [...new Set(privileges)],
    };
  }

  async #stageId(name: string, principal: Principal): Promise<string> {
    const stage = await this.stages.resolve(name, principal);
    return stage.kind === 'user' ? USER_STAGE_NAME : stage.id;
  }

  async #shown(token: ApiToken, principal: Principal): Promise<ShownToken> {
    const { scope } = token;
    if (scope?.stages === undefined) return { token, scope };
    const names = await Promise.all(scope.stages.map((id) => this.#stageName(id, principal)));
    return { token, scope: { ...scope, stages: names.flat() } };
  }

  async #stageName(id: string, principal: Principal): Promise<readonly string[]> {
    if (id === USER_STAGE_NAME) return [id];
    const stage = await this.stages.findVisibleById(id, principal);
    return stage === null ? [] : [stage.name];
  }
}

function newToken(
  { name, expiresInSeconds }: NewToken,
  scope: TokenScope | undefined,
  text: string,
  { userId }: Principal,
): ApiToken {
  const createdOn = new Date();
  const expiresOn =
    expiresInSeconds === null ? undefined : new Date(createdOn.getTime() + expiresInSeconds * 1000);
  const digest = tokenDigest(text);
  return { id: randomUUID(), userId, name, digest, scope, createdOn, expiresOn, lastUsedOn: undefined };
}

function assertRoomFor({ name }: ApiToken, others: readonly ApiToken[]): void {
  if (others.some((other) => other.name === name))
    throw new UserError(
      'TokenAlreadyExists',
      `There is a token of the name ${JSON.stringify(name)}: revoke it first.`,
    );
  if (others.length >= MAX_TOKENS)
    throw new UserError(
      'TooManyTokens',
      `A user may have at most ${String(MAX_TOKENS)} tokens: revoke one first.`,
    );
}

function unknownToken(): UserError {
  return new UserError(
    'UnknownToken',
    'There is no such token of this user: GET the list of tokens for their ids.',
  );
}
