import { databaseName, type PostgresConfig } from '../../config/database-config.js';
import { messageOf } from '../../common/message-of.js';
import { DatabaseError } from '../database-error.js';
import { isConnectionProblem, postgresCode } from './postgres-error.js';

/** A fact about a database that this build cannot work with. */
export class UnusableDatabase extends Error {}

/** @param fact the end of a sentence that begins with the name of the database. */
export function unusable(fact: string): UnusableDatabase {
  return new UnusableDatabase(fact);
}

/** Says why a database cannot be used and what to do, in one sentence for the operator who starts a process on it. */
export function startProblem(error: unknown, config: PostgresConfig): unknown {
  const cause = error instanceof DatabaseError ? error.cause : error;
  const problem = (sentence: string): DatabaseError =>
    new DatabaseError('Unavailable', `The database ${databaseName(config)} ${sentence}.`, { cause: error });
  if (cause instanceof UnusableDatabase) return problem(cause.message);
  const code = postgresCode(cause);
  const known = SENTENCES.find(([form]) => form.test(code));
  if (known !== undefined) return problem(`${known[1]} (${messageOf(cause)})`);
  if (isConnectionProblem(cause)) {
    return problem(
      `does not answer (${messageOf(cause)}). Start it, and look at the host and port of DATABASE_URL`,
    );
  }
  return error;
}

const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^SASL/, 'asks for a password: give the right one in DATABASE_URL'],
  [/^28...$/, 'refuses this user or password: look at DATABASE_URL, and at the pg_hba.conf of the server'],
  [/^3D000$/, 'does not exist: create it, as in CREATE DATABASE stagedoor'],
  [/^42501$/, 'does not let this user create tables: make the user its owner'],
  [/^25006$/, 'cannot be written: it is a read-only replica. Name the primary server in DATABASE_URL'],
  [/^53100$/, 'has no space left: make room on its disk'],
  [/^(ENOTFOUND|EAI_.*)$/, 'is on a host that nobody knows: look at the host in DATABASE_URL'],
  [/CERT|SELF_SIGNED|ERR_TLS|SSL/, 'cannot be reached by TLS as sslmode in DATABASE_URL demands it'],
];
