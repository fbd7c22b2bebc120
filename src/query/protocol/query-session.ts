import type { Principal } from '../../access/principal.js';
import type { ChosenRoles } from '../../users/principals/principals.js';
import { canonicalTimezone, UTC } from '../rows/timestamp.js';

/** The client's state. The client sends it with each statement and reads it from each answer. Unknown fields are kept. */
export type QuerySession = Readonly<Record<string, unknown>>;

/** The change that a statement makes to the session. */
export interface SessionChange {
  readonly database?: string;
  readonly settings?: ReadonlyMap<string, string>;
  readonly unset?: readonly string[];
  /** The current role. */
  readonly role?: string;
  readonly secondaryRoles?: 'all' | readonly string[];
}

/** Creates the session of a client that sends none. */
export function newSession(principal: Principal): QuerySession {
  return {
    catalog: 'default',
    database: 'default',
    role: principal.currentRole.name,
    settings: {},
    txn_state: 'AutoCommit',
    need_sticky: false,
    need_keep_alive: false,
  };
}

export function applyChange(session: QuerySession, change: SessionChange | undefined): QuerySession {
  if (change === undefined) return session;
  const settings = new Map([...settingsOf(session), ...(change.settings ?? [])]);
  for (const name of change.unset ?? []) settings.delete(name);
  const { secondary_roles: secondaryRoles, ...rest } = session;
  const chosen = change.secondaryRoles ?? secondaryRoles;
  return {
    ...rest,
    // Without the field, all of the user's roles are in effect.
    ...(chosen === undefined || chosen === 'all' ? {} : { secondary_roles: chosen }),
    ...(change.role === undefined ? {} : { role: change.role }),
    ...(change.database === undefined ? {} : { database: change.database }),
    ...(change.settings === undefined && change.unset === undefined
      ? {}
      : { settings: Object.fromEntries(settings) }),
  };
}

/** Returns the session's settings. Few are used here; all others are kept for the client. */
export function settingsOf(session: QuerySession): ReadonlyMap<string, string> {
  const { settings } = session;
  if (typeof settings !== 'object' || settings === null) return new Map();
  return new Map(
    Object.entries(settings).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

export function databaseOf(session: QuerySession): string {
  return typeof session['database'] === 'string' ? session['database'] : 'default';
}

export function catalogOf(session: QuerySession): string {
  return typeof session['catalog'] === 'string' ? session['catalog'] : 'default';
}

/** Returns the roles that the session has chosen. An empty name is none, as some clients send it. */
export function rolesOf(session: QuerySession): ChosenRoles {
  const { role, secondary_roles: secondaryRoles } = session;
  return {
    role: typeof role === 'string' && role !== '' ? role : undefined,
    secondaryRoles: Array.isArray(secondaryRoles)
      ? secondaryRoles.filter((name) => typeof name === 'string')
      : undefined,
  };
}

/** Returns the timezone of Timestamps. An unknown one counts as UTC. */
export function timezoneOf(settings: ReadonlyMap<string, string>): string {
  return canonicalTimezone(settings.get('timezone') ?? UTC) ?? UTC;
}

/** Does SHOW GRANTS list what roles have been granted, too? That is the default, as in Databend. */
export function expandsRoles(settings: ReadonlyMap<string, string>): boolean {
  return settings.get('enable_expand_roles') !== '0';
}
