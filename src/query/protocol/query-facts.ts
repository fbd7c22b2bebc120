import { displayName } from '../../access/principal.js';
import { PROTOCOL_VERSION } from '../../common/protocol-version.js';
import type { QueryCaller } from './query-caller.js';
import { catalogOf, databaseOf, timezoneOf, type QuerySession } from './query-session.js';
import type { QueryFacts } from '../rows/scope.js';

/** Collects what functions such as `version()` and `current_user()` return. */
export function queryFacts({ principal, sessionId }: QueryCaller, session: QuerySession): QueryFacts {
  return {
    version: `Databend Query v${PROTOCOL_VERSION} (Stagedoor: stages, and no warehouse)`,
    user: displayName(principal),
    role: principal.roles[0],
    catalog: catalogOf(session),
    database: databaseOf(session),
    sessionId,
    timezone: timezoneOf(session),
  };
}
