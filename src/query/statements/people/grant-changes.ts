import type { GrantCatalog } from '../../../people/grants/grant-catalog.js';
import type { GrantSource } from '../../../people/grants/grant-source.js';
import type {
  Grant,
  GrantOwnership,
  GrantRole,
  GrantSource as WrittenSource,
  Revoke,
  RevokeRole,
} from '../../sql/people/people-ast.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';
import { servicePrivileges } from './service-privileges.js';

export function grant(catalog: GrantCatalog): StatementHandler<Grant> {
  return async ({ source, grantee }, { principal }) => {
    await catalog.grant(sourceOf(source), grantee, principal);
    return NO_RESULT_SET;
  };
}

export function revoke(catalog: GrantCatalog): StatementHandler<Revoke> {
  return async ({ source, grantee }, { principal }) => {
    await catalog.revoke(sourceOf(source), grantee, principal);
    return NO_RESULT_SET;
  };
}

export function grantRole(catalog: GrantCatalog): StatementHandler<GrantRole> {
  return async ({ role, grantee }, { principal }) => {
    await catalog.grantRole(role, grantee, principal);
    return NO_RESULT_SET;
  };
}

export function revokeRole(catalog: GrantCatalog): StatementHandler<RevokeRole> {
  return async ({ role, grantee }, { principal }) => {
    await catalog.revokeRole(role, grantee, principal);
    return NO_RESULT_SET;
  };
}

export function grantOwnership(catalog: GrantCatalog): StatementHandler<GrantOwnership> {
  return async ({ object, role }, { principal }) => {
    await catalog.grantOwnership(object, role, principal);
    return NO_RESULT_SET;
  };
}

function sourceOf(source: WrittenSource): GrantSource {
  if (source.on !== 'service') return source;
  return { on: 'service', privileges: servicePrivileges(source.privileges) };
}
