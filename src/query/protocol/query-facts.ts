import { displayName, type Principal, type RoleRef } from '../../access/principal.js';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';
import type { QueryFacts } from '../rows/scope.js';
import { catalogOf, databaseOf, expandsRoles, timezoneOf, type QuerySession } from './query-session.js';

/** Facts of the session that a statement's functions return. The cursor of each next page holds it, so it is small. */
export interface SessionFacts extends Pick<QueryFacts, 'catalog' | 'database' | 'sessionId' | 'timezone'> {
  /** Absent by default. */
  readonly expandRoles?: false | undefined;
}

/** @param settings those of the session, and of the statement alone. */
export function sessionFacts(
  session: QuerySession,
  settings: ReadonlyMap<string, string>,
  sessionId: string,
): SessionFacts {
  return {
    catalog: catalogOf(session),
    database: databaseOf(session),
    sessionId,
    timezone: timezoneOf(settings),
    expandRoles: expandsRoles(settings) ? undefined : false,
  };
}

/**
 * Collects what functions such as `version()` and `current_user()` return. What the user is, each page asks again.
 *
 * @param hasAllRoles whether the session has chosen no secondary roles.
 */
export function queryFacts(principal: Principal, session: SessionFacts, hasAllRoles: boolean): QueryFacts {
  return {
    ...session,
    version: `Databend Query v${PROTOCOL_VERSION} (Stagedoor: stages, and no warehouse)`,
    user: displayName(principal),
    role: principal.currentRole.name,
    roles: {
      hasAll: hasAllRoles,
      inEffect: () => namesOf(principal.roles).sort(),
      available: () => namesOf(principal.availableRoles),
    },
    expandRoles: session.expandRoles ?? true,
  };
}

function namesOf(roles: readonly RoleRef[]): string[] {
  return roles.map(({ name }) => name);
}
