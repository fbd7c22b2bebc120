import { z } from 'zod';
import { privilegeWord, STAGE_PRIVILEGE, type StagePrivilegeWord } from '../stage-privilege.js';
import { DEFAULT_LIFE_SECONDS, type NamedScope, type NewToken } from './new-token.js';
import type { IssuedToken, ShownToken } from './token-catalog.js';

/** Body of `POST /v1/tokens`. */
export const CREATE_TOKEN = z.strictObject({
  name: z.string(),
  scope: z
    .strictObject({
      stages: z.array(z.string()).nullish(),
      prefix: z.string().nullish(),
      privileges: z.array(STAGE_PRIVILEGE),
    })
    .nullish(),
  expires_in_seconds: z.number().nullable().optional(),
});

export type CreateTokenBody = z.output<typeof CREATE_TOKEN>;

export function newTokenFrom({ name, scope, expires_in_seconds: seconds }: CreateTokenBody): NewToken {
  return {
    name,
    scope: scope == null ? undefined : namedScope(scope),
    expiresInSeconds: seconds === undefined ? DEFAULT_LIFE_SECONDS : seconds,
  };
}

function namedScope({ stages, prefix, privileges }: NonNullable<CreateTokenBody['scope']>): NamedScope {
  return { stages: stages ?? undefined, prefix: prefix ?? undefined, privileges };
}

interface ScopeView {
  /** Null for every stage. */
  readonly stages: readonly string[] | null;
  readonly prefix: string | null;
  readonly privileges: readonly StagePrivilegeWord[];
}

export interface TokenView {
  readonly id: string;
  readonly name: string;
  /** Null for a token that may do all that its user may. */
  readonly scope: ScopeView | null;
  /** ISO 8601 in UTC. */
  readonly created_on: string;
  /** Null for never. */
  readonly expires_on: string | null;
  /** To the minute; null for a token that was never used. */
  readonly last_used_on: string | null;
}

export interface IssuedTokenView extends Omit<TokenView, 'last_used_on'> {
  readonly token: string;
}

export function tokenView({ token, scope }: ShownToken): TokenView {
  return {
    id: token.id,
    name: token.name,
    scope: scope === undefined ? null : scopeView(scope),
    created_on: token.createdOn.toISOString(),
    expires_on: token.expiresOn?.toISOString() ?? null,
    last_used_on: token.lastUsedOn?.toISOString() ?? null,
  };
}

export function issuedTokenView({ text, ...shown }: IssuedToken): IssuedTokenView {
  const { id, name, scope, created_on, expires_on } = tokenView(shown);
  return { id, name, token: text, scope, created_on, expires_on };
}

function scopeView({ stages, prefix, privileges }: NamedScope): ScopeView {
  return { stages: stages ?? null, prefix: prefix ?? null, privileges: privileges.map(privilegeWord) };
}
