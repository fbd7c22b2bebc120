import { accessSync, constants, existsSync } from 'node:fs';
import { AppError } from '../../common/app-error.js';
import { isLocalHost } from '../../common/loopback.js';
import { messageOf } from '../../common/message-of.js';
import type { AppConfig } from '../../config/app-config.js';
import { databaseName, type PostgresConfig, type SqliteConfig } from '../../config/database-config.js';
import type { PostgresFacts } from '../../database/postgres/postgres-facts.js';
import { error, ok, warning, type Finding } from './finding.js';

/** Presigned URLs, tokens and records of uploads compare times of several machines. */
const MAX_SKEW_MS = 30_000;

export interface DatabaseCheck {
  /** Has a server already run on it? */
  readonly isUsed: boolean;
  readonly findings: readonly Finding[];
}

/** Asks the database whether a server could start on it. Makes none, and changes nothing in it. */
export async function checkDatabase({ database }: AppConfig): Promise<DatabaseCheck> {
  return database.kind === 'sqlite' ? checkSqlite(database) : checkPostgres(database);
}

function checkSqlite({ path }: SqliteConfig): DatabaseCheck {
  if (!existsSync(path)) {
    const message = `There is no database ${path} yet: the first start makes it.`;
    return { isUsed: false, findings: [warning('database', message, FIRST_START)] };
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return { isUsed: true, findings: [] };
  } catch (problem) {
    const message = `The database cannot be written by this user (${messageOf(problem)}).`;
    return {
      isUsed: true,
      findings: [error('database', message, 'Give it to the user of the service (chown).')],
    };
  }
}

const FIRST_START = 'If the service has run before, give this command the settings of the server.';

async function checkPostgres(config: PostgresConfig): Promise<DatabaseCheck> {
  const { postgresFacts } = await import('../../database/postgres/postgres-facts.js');
  const tls = tlsFindings(config);
  try {
    const facts = await postgresFacts(config);
    const findings = [...tls, ...factFindings(config, facts), clockFinding(facts.now, Date.now())];
    return { isUsed: facts.hasTables, findings };
  } catch (problem) {
    if (!(problem instanceof AppError)) throw problem;
    return { isUsed: false, findings: [...tls, error('database', problem.message)] };
  }
}

function factFindings(config: PostgresConfig, facts: PostgresFacts): readonly Finding[] {
  const findings = [ok('database', `${databaseName(config)} answers: PostgreSQL ${facts.version}.`)];
  if (facts.isReplica) {
    findings.push(
      error('database', 'It is a read-only replica.', 'Name the primary server in DATABASE_URL.'),
    );
  }
  if (!facts.hasTables) {
    findings.push(warning('database', 'It has no tables yet: the first start makes them.', FIRST_START));
  }
  if (config.poolSize > facts.maxConnections) {
    findings.push(
      error(
        'database',
        `DATABASE_POOL_SIZE is ${String(config.poolSize)}, and the database takes ${String(facts.maxConnections)} connections in all.`,
        'Lower DATABASE_POOL_SIZE, or raise max_connections of the database.',
      ),
    );
  }
  return findings;
}

/** As sslmode of DATABASE_URL sets it. */
export function tlsFindings({ client: { host = 'localhost', ssl } }: PostgresConfig): readonly Finding[] {
  if (host.startsWith('/') || isLocalHost(host)) return [];
  if (ssl === undefined || ssl === false) {
    const message = `The connection to the database on ${host} is not encrypted: passwords and keys cross the network.`;
    return [warning('database', message, 'Write ?sslmode=verify-full behind DATABASE_URL.')];
  }
  if (ssl !== true && ssl.rejectUnauthorized === false) {
    const message = `The connection to the database on ${host} is encrypted, and takes any certificate.`;
    return [
      warning('database', message, 'Write sslmode=verify-full and sslrootcert=<file> in DATABASE_URL.'),
    ];
  }
  return [ok('database', `The connection to the database on ${host} is encrypted.`)];
}

export function clockFinding(databaseTime: number, ownTime: number): Finding {
  const aheadSeconds = Math.round((databaseTime - ownTime) / 1000);
  if (Math.abs(databaseTime - ownTime) <= MAX_SKEW_MS)
    return ok('clock', "The database's clock is this machine's.");
  const direction = aheadSeconds > 0 ? 'ahead of' : 'behind';
  return warning(
    'clock',
    `The database's clock is ${String(Math.abs(aheadSeconds))} seconds ${direction} this machine's.`,
    'Set both clocks by NTP.',
  );
}
