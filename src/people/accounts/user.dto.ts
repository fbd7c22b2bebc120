import { z } from 'zod';
import { AUTH_TYPES } from '../../users/accounts/user.js';
import type { FilesOfDropped, UserChange } from './new-user.js';
import type { SavedUser } from './user-saving.js';

const AUTH_TYPE = z.enum(AUTH_TYPES);
const OPTIONS = {
  default_role: z.string().nullish(),
  default_warehouse: z.string().nullish(),
  disabled: z.boolean().nullish(),
  must_change_password: z.boolean().nullish(),
};

/** Body of `POST /v1/users`: Databend's fields, and two more. A null field counts as absent. */
export const SAVE_USER = z.strictObject({
  name: z.string(),
  hostname: z.literal('%', 'must be %: users may come from everywhere').nullish(),
  auth_type: AUTH_TYPE.nullish(),
  auth_string: z.string().nullish(),
  roles: z.array(z.string()).nullish(),
  grant_all: z.boolean().nullish(),
  ...OPTIONS,
});

/** Body of `PATCH /v1/users/{name}`. */
export const ALTER_USER = z
  .strictObject({ password: z.string().nullish(), auth_type: AUTH_TYPE.nullish(), ...OPTIONS })
  .refine(
    (body) => Object.values(body).some((value) => value !== null && value !== undefined),
    'The body changes nothing: it takes password, auth_type, default_role, default_warehouse, disabled, must_change_password',
  );

/** Body of `PUT /v1/password`. */
export const OWN_PASSWORD = z.strictObject({ password: z.string() });

/** Query of `DELETE /v1/users/{name}`. */
export const DROP_USER = z
  .strictObject({ files: z.enum(['remove', 'give']).optional(), to: z.string().optional() })
  .refine(
    ({ files, to }) => (files === 'give') === (to !== undefined),
    'files=give needs to=<a user>, and nothing else takes it',
  );

export type SaveUserBody = z.output<typeof SAVE_USER>;
export type AlterUserBody = z.output<typeof ALTER_USER>;
export type OwnPasswordBody = z.output<typeof OWN_PASSWORD>;
export type DropUserQuery = z.output<typeof DROP_USER>;

export function savedUserFrom(body: SaveUserBody): SavedUser {
  return {
    name: body.name,
    authentication: { type: body.auth_type ?? undefined, secret: body.auth_string ?? undefined },
    options: optionsFrom(body),
    roles: body.roles ?? undefined,
    grantsAll: body.grant_all === true,
  };
}

export function userChangeFrom(body: AlterUserBody): UserChange {
  const type = body.auth_type ?? undefined;
  const secret = body.password ?? undefined;
  const changesPassword = type !== undefined || secret !== undefined;
  return { authentication: changesPassword ? { type, secret } : undefined, options: optionsFrom(body) };
}

export function filesFrom({ files, to = '' }: DropUserQuery): FilesOfDropped {
  if (files === undefined) return undefined;
  return files === 'give' ? { kind: 'give', to } : { kind: 'remove' };
}

function optionsFrom(body: Pick<SaveUserBody, keyof typeof OPTIONS>): UserChange['options'] {
  return {
    defaultRole: body.default_role ?? undefined,
    defaultWarehouse: body.default_warehouse ?? undefined,
    isDisabled: body.disabled ?? undefined,
    mustChangePassword: body.must_change_password ?? undefined,
  };
}
