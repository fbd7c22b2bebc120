import type { Principal } from '../../access/principal.js';
import { knownTimezone, UTC } from '../rows/timestamp.js';

/** The client's state, which it sends with each statement and takes back from each answer. What is unknown is kept. */
export type QuerySession = Readonly<Record<string, unknown>>;

/** What a statement makes of it. */
export interface SessionChange {
  readonly database?: string;
  readonly settings?: ReadonlyMap<string, string>;
  readonly unset?: readonly string[];
}

/** What a client that sends no session begins with. */
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

export function changedSession(session: QuerySession, change: SessionChange | undefined): QuerySession {
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

/** Settings but the timezone mean nothing to this service: they are kept for the client, whatever they are. */
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

/** In which the session's Timestamps are written: one that is not known is as good as none. */
export function timezoneOf(session: QuerySession): string {
  return knownTimezone(settingsOf(session).get('timezone') ?? UTC) ?? UTC;
}
