import type { Principal } from '../../access/principal.js';
import { canonicalTimezone, UTC } from '../rows/timestamp.js';

/** The client's state. The client sends it with each statement and reads it from each answer. Unknown fields are kept. */
export type QuerySession = Readonly<Record<string, unknown>>;

/** The change that a statement makes to the session. */
export interface SessionChange {
  readonly database?: string;
  readonly settings?: ReadonlyMap<string, string>;
  readonly unset?: readonly string[];
}

/** Creates the session of a client that sends none. */
export function newSession(principal: Principal): QuerySession {
  return {
    catalog: 'default',
    database: 'default',
    role: principal.roles[0],
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
  return {
    ...session,
    ...(change.database === undefined ? {} : { database: change.database }),
    ...(change.settings === undefined && change.unset === undefined
      ? {}
      : { settings: Object.fromEntries(settings) }),
  };
}

/** Returns the session's settings. Only the timezone is used here; all others are kept for the client. */
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

/** Returns the timezone of the session's Timestamps. An unknown one counts as UTC. */
export function timezoneOf(session: QuerySession): string {
  return canonicalTimezone(settingsOf(session).get('timezone') ?? UTC) ?? UTC;
}
