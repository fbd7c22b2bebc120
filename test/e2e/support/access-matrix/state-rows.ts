import type { NestExpressApplication } from '@nestjs/platform-express';
import { sql, type SqlStatement, type SqlValue } from '../../../../src/database/sql.js';
import { GrantRepository, type GrantedObject } from '../../../../src/users/grants/grant.repository.js';
import { RoleRepository } from '../../../../src/users/roles/role.repository.js';
import { tokenDigest, type ApiToken } from '../../../../src/users/tokens/api-token.js';
import { CALLERS, tokenText, userId, type Caller } from './callers.js';

const ADD_STAGE = sql(
  "INSERT INTO stages (id, name, kind, file_format, comment, creator, created_on, owner_role) VALUES (?, ?, 'internal', '{\"type\":\"PARQUET\"}', '', '''root''@''%''', ?, ?)",
);
const CREATED = new Date(0).toISOString();
/** The role that owns the stage `shared`, of the caller who has that by its role. */
const OWNERS = 'role of owner';

export function stageIdOf(name: string): string {
  return name === '~' ? '~' : `id of ${name}`;
}

export function connectionIdOf([id]: readonly SqlValue[]): string {
  if (typeof id !== 'string') throw new TypeError('a connection without an id');
  return id;
}

/** A token that was revoked has no row. */
export function tokenOf(caller: Caller): ApiToken | undefined {
  const isExpired = caller.credentials === 'expired token';
  if (!isExpired && caller.credentials !== 'API token') return undefined;
  const { stages, privileges } = caller.scope ?? {};
  return {
    id: `token of ${caller.name}`,
    userId: userId(caller),
    name: 'matrix',
    digest: tokenDigest(tokenText(caller)),
    scope: privileges === undefined ? undefined : { privileges, stages: stages?.map(stageIdOf) },
    createdOn: new Date(0),
    expiresOn: isExpired ? new Date(1) : undefined,
    lastUsedOn: undefined,
  };
}

/** Stages, roles and who has what. */
export function peopleRows(app: NestExpressApplication, connectionId: string): readonly SqlStatement[] {
  const roles = app.get(RoleRepository);
  const role = (name: string): SqlStatement => {
    const time = new Date(0);
    return roles.insertion({ id: name, name, comment: '', createdOn: time, updatedOn: time });
  };
  return [
    ADD_STAGE.with(stageIdOf('shared'), 'shared', CREATED, OWNERS),
    ADD_STAGE.with(stageIdOf('other'), 'other', CREATED, 'account_admin'),
    role('subject_role'),
    ...CALLERS.flatMap((caller) => [
      role(`role of ${caller.name}`),
      ...rolesOf(roles, caller),
      ...grantsOf(app.get(GrantRepository), caller, connectionId),
    ]),
  ];
}

function rolesOf(roles: RoleRepository, caller: Caller): SqlStatement[] {
  const own = `role of ${caller.name}`;
  const outer = `outer of ${caller.name}`;
  const administrator = caller.administers === true ? ['account_admin'] : [];
  const given = administrator.map((id) => roles.addition(id, 'user', userId(caller)));
  if (caller.by !== 'role in a role') return [...given, roles.addition(own, 'user', userId(caller))];
  const time = new Date(0);
  return [
    ...given,
    roles.insertion({ id: outer, name: outer, comment: '', createdOn: time, updatedOn: time }),
    roles.addition(own, 'role', outer),
    roles.addition(outer, 'user', userId(caller)),
  ];
}

function grantsOf(grants: GrantRepository, caller: Caller, connectionId: string): SqlStatement[] {
  const role = { kind: 'role', id: `role of ${caller.name}` } as const;
  const user = { kind: 'user', id: userId(caller) } as const;
  const shared: GrantedObject = { kind: 'stage', id: stageIdOf('shared') };
  const service: GrantedObject = { kind: 'service', id: '' };
  const connection: GrantedObject = { kind: 'connection', id: connectionId };
  const onShared = (caller.onShared ?? []).filter((right) => right !== 'Own');
  const grantee = caller.by === undefined || caller.by === 'user' ? user : role;
  return [
    ...onShared.map((privilege) => grants.addition({ object: shared, privilege, grantee })),
    ...(caller.words ?? []).map((privilege) =>
      grants.addition({ object: service, privilege, grantee: role }),
    ),
    ...(caller.usesConnection === true
      ? [grants.addition({ object: connection, privilege: 'ACCESS CONNECTION', grantee: user })]
      : []),
  ];
}
