import { DatabaseError, type DatabaseErrorKind } from '../database-error.js';

/** Translates an error of PostgreSQL or of its client, recognised by its code. Other errors pass unchanged. */
export function postgresError(error: unknown): unknown {
  if (error instanceof DatabaseError || !(error instanceof Error)) return error;
  const code = postgresCode(error);
  const [, kind, sentence] = ROWS.find(([form]) => form.test(code)) ?? [];
  if (kind === undefined || sentence === undefined) return error;
  return new DatabaseError(kind, sentence, { context: { code }, cause: error });
}

/**
 * Is the database away, or the connection to it? A statement may have run: only one that changes nothing, or that was never
 * sent, can be repeated.
 */
export function isConnectionProblem(error: unknown): boolean {
  return CONNECTION.test(postgresCode(error));
}

/** May the same transaction succeed when it runs again? PostgreSQL has rolled it back. */
export function isRetryable(error: unknown): boolean {
  return /^(40001|40P01|55P03)$/.test(postgresCode(error));
}

/** Does a proxy between us and PostgreSQL give each transaction another connection, which has other prepared statements? */
export function isLostStatement(error: unknown): boolean {
  return /^(26000|42P05)$/.test(postgresCode(error));
}

/** Is a table missing, because no server has started on the database? */
export function isMissingTable(error: unknown): boolean {
  return postgresCode(error) === '42P01';
}

/** @returns the SQLSTATE, the code of the operating system, or the client's own message. */
export function postgresCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const driverError: unknown = 'driverError' in error ? error.driverError : undefined; // within an error of TypeORM
  if (driverError instanceof Error && driverError !== error) return postgresCode(driverError);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

const NETWORK = 'ECONN[A-Z]+|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_[A-Z]+|ENOENT|EACCES';
/** Messages of the client, whose errors have no code. */
const CLIENT = 'Connection terminated|Client has encountered|Client was closed|Query read timeout|timeout e';

/** 08: connections. 57P01 to 57P05: the server stops, starts, or ends the session. 53300: too many sessions. */
const CONNECTION = new RegExp(`^(08...|57P0[1-5]|53300|${NETWORK})$|^(${CLIENT})`);

/** Sentences for the caller; the code goes to the log. */
const ROWS: readonly (readonly [RegExp, DatabaseErrorKind, string])[] = [
  [/^53100$/, 'NoSpace', 'No space is left for the database of the service.'],
  [
    /^(22021|22P05)$/,
    'Unstorable',
    'A text holds a NUL character, which the database of the service cannot store: leave it out.',
  ],
  [/^23502$/, 'Conflict', 'Another change came first.'],
  [/^54000$/, 'Unstorable', 'A name is too long for the database of the service: use a shorter one.'],
  [CONNECTION, 'Unavailable', 'The database of the service does not answer now: try again.'],
  [
    /^25006$/,
    'Unavailable',
    'The database of the service cannot be written: it is a read-only replica, or recovering.',
  ],
  [
    /^(40001|40P01|55P03|57014)$/,
    'Unavailable',
    'The database of the service is busy with other changes: try again.',
  ],
  [/^53...$/, 'Unavailable', 'The database of the service has no resources left now: try again.'],
  [/^(58|XX)...$/, 'Unavailable', 'The database of the service reports an error of its own.'],
  [/^(28|3D|3F)...$/, 'Unavailable', 'The database of the service does not let this server in.'],
];
