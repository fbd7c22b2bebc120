import type { INestApplicationContext } from '@nestjs/common';
import { AppError } from '../../common/app-error.js';
import { isLocalHost } from '../../common/loopback.js';
import type { AppConfig } from '../../config/app-config.js';
import { ConfigError } from '../../config/config-error.js';
import { DatabaseError } from '../../database/database-error.js';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql } from '../../database/sql.js';
import { SealedBox } from '../../keys/sealed-box.js';
import { UnreadableConnections } from '../../stages/connections/unreadable-connections.repository.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import { ROOT } from '../../users/accounts/user.js';
import { UserService } from '../../users/accounts/user.service.js';
import { withServices } from '../admin-services.js';
import { error, ok, warning, type Check, type Finding } from './finding.js';
import { checkInternalStorage, checkStages } from './stores-check.js';

interface MigrationRow {
  readonly name: string;
}
interface ServerRow {
  readonly keyId: string | null;
}

const WRITE_TIMEOUT_MS = 5000;
const MIGRATIONS = sql<MigrationRow>('SELECT name FROM migrations ORDER BY id DESC');
const SERVERS = sql<ServerRow>('SELECT key_id AS "keyId" FROM processes');

interface ServicesOptions {
  /** Check every external stage? */
  readonly stages: boolean;
}

/** Looks at what only an opened database shows. As every command, it neither listens nor migrates. */
export async function checkServices(
  config: AppConfig,
  options: ServicesOptions,
): Promise<readonly Finding[]> {
  try {
    return await withServices(config, async (services) => [
      ...(await databaseFindings(services.get(SqlDatabase))),
      ...(await serverFindings(services, config)),
      await keyFinding(services.get(UnreadableConnections)),
      ...(await peopleFindings(services.get(UserService), config)),
      ...(await checkInternalStorage(services)),
      ...(options.stages ? await checkStages(services) : []),
    ]);
  } catch (problem) {
    if (!(problem instanceof AppError)) throw problem;
    return [error(checkOf(problem), problem.message)];
  }
}

function checkOf(problem: unknown): Check {
  if (problem instanceof DatabaseError) return 'database';
  if (problem instanceof StorageError) return 'internal-storage';
  return problem instanceof ConfigError ? 'keys' : 'settings';
}

async function databaseFindings(database: SqlDatabase): Promise<readonly Finding[]> {
  await database.probe(WRITE_TIMEOUT_MS);
  const migrations = await database.read(MIGRATIONS);
  const newest = migrations[0]?.name ?? 'none';
  return [
    ok('database', `It can be written. All ${String(migrations.length)} migrations have run: ${newest}.`),
  ];
}

/** Servers that have ended without signing off are counted, too. */
async function serverFindings(
  services: INestApplicationContext,
  config: AppConfig,
): Promise<readonly Finding[]> {
  const servers = await services.get(SqlDatabase).read(SERVERS);
  const { keyId } = services.get(SealedBox);
  const others = new Set(servers.map((server) => server.keyId).filter((id) => id !== null && id !== keyId));
  const findings: Finding[] = [ok('database', `${String(servers.length)} server(s) are registered on it.`)];
  if (others.size > 0) {
    findings.push(
      warning(
        'keys',
        `A server on this database encrypts with key ${[...others].join(', ')}, and the first key here is ${keyId}.`,
        'Give all servers the same CONNECTION_KEY: docs/operate/keys.md.',
      ),
    );
  }
  if (config.database.kind === 'sqlite' && servers.length > 1) {
    findings.push(
      warning(
        'database',
        'Several servers are registered on one file of SQLite.',
        'Use PostgreSQL, or one server.',
      ),
    );
  }
  return findings;
}

async function keyFinding(connections: UnreadableConnections): Promise<Finding> {
  try {
    await connections.assertReadable();
    return ok('keys', 'The key opens all stages and connections.');
  } catch (problem) {
    if (problem instanceof AppError) return error('keys', problem.message);
    throw problem;
  }
}

async function peopleFindings(users: UserService, config: AppConfig): Promise<readonly Finding[]> {
  const hasPassword =
    config.rootPassword === null ? await users.hasPassword(ROOT) : config.rootPassword !== '';
  if (hasPassword) return [ok('people', 'root has a password.')];
  if (config.access.corsOrigins.length > 0) {
    const message = 'CORS_ORIGINS lets web pages in, and root has no password: a start is refused.';
    return [error('people', message, 'Set ROOT_PASSWORD.')];
  }
  return [
    warning(
      'people',
      isLocalHost(config.host)
        ? 'root has no password: every user of this machine may do everything.'
        : `root has no password, and HOST is ${config.host}: other machines reach the port, and are answered 401.`,
      'Set ROOT_PASSWORD.',
    ),
  ];
}
