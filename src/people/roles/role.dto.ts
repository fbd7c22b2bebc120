import { z } from 'zod';
import type { Principal } from '../../access/principal.js';
import { PUBLIC } from '../../access/rights.js';
import type { NewRole, ShownRole } from './role-catalog.js';

/** Body of `POST /v1/roles`. */
export const CREATE_ROLE = z.strictObject({
  name: z.string(),
  comment: z.string().nullish(),
  if_not_exists: z.boolean().nullish(),
});

/** Body of `PATCH /v1/roles/{name}`; null clears the comment. */
export const ALTER_ROLE = z.strictObject({ comment: z.string().nullable() });

export type CreateRoleBody = z.output<typeof CREATE_ROLE>;
export type AlterRoleBody = z.output<typeof ALTER_ROLE>;

export function newRoleFrom(body: CreateRoleBody): NewRole {
  return {
    name: body.name,
    comment: body.comment ?? undefined,
    ifNotExists: body.if_not_exists ?? undefined,
  };
}

/** Databend's three fields, and more. */
export interface RoleView {
  readonly name: string;
  readonly is_current: boolean;
  readonly is_default: boolean;
  readonly comment: string;
  /** Names of the roles granted to it directly, ordered. */
  readonly inherited_roles: readonly string[];
  /** ISO 8601 in UTC. */
  readonly created_on: string;
  readonly updated_on: string;
}

/** @param defaultRole the name of the principal's default role; empty for none, which is `public`. */
export function roleView(
  { role, inherited }: ShownRole,
  { currentRole }: Principal,
  defaultRole: string,
): RoleView {
  return {
    name: role.name,
    is_current: role.id === currentRole.id,
    is_default: role.name === (defaultRole || PUBLIC),
    comment: role.comment,
    inherited_roles: inherited,
    created_on: role.createdOn.toISOString(),
    updated_on: role.updatedOn.toISOString(),
  };
}
