import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { databaseName, type PostgresConfig } from '../../config/database-config.js';
import { retryWhile } from '../backoff.js';
import { assertNoUnfinishedCopy } from '../copy/unfinished-copy.js';
import { assertKnownMigrations, assertMigrated } from '../known-migrations.js';
import type { OpenOptions } from '../open-options.js';
import { isConnectionProblem } from './postgres-error.js';
import { startProblem, unusable } from './postgres-start-problem.js';

/** A database may start at the same time as this server. */
const START_TIMEOUT_MS = 30_000;
/** Any number that no other program of the database uses: "stagedoor" in ASCII, shortened. */
const MIGRATION_LOCK = 0x73_74_61_67;
const OLDEST_VERSION = 12;
const MIGRATION_SECONDS = 3600;

type Create = (config: PostgresConfig) => Promise<DataSource>;

/** If several servers start at once on a new database, one creates the tables while the others wait. */
export async function openPostgres(
  create: Create,
  config: PostgresConfig,
  opening: OpenOptions,
): Promise<DataSource> {
  try {
    // A migration, and the wait for another server's, may take longer than a request may.
    await prepare(await connected(create, { ...config, timeoutSeconds: MIGRATION_SECONDS }), config, opening);
    return await connected(create, config);
  } catch (error) {
    throw startProblem(error, config);
  }
}

async function prepare(database: DataSource, config: PostgresConfig, opening: OpenOptions): Promise<void> {
  const runner = database.createQueryRunner();
  const name = databaseName(config);
  try {
    await assertSupported(runner);
    await migrate(database, runner, { name, ...opening });
    if (opening.mayBeUnfinished !== true) await assertNoUnfinishedCopy(runner, name);
  } finally {
    await runner.release();
    await database.destroy();
  }
}

async function connected(create: Create, config: PostgresConfig): Promise<DataSource> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  return retryWhile(
    async () => (await create(config)).initialize(),
    (error) => isConnectionProblem(error) && performance.now() < deadline,
  );
}

async function assertSupported(runner: QueryRunner): Promise<void> {
  const [row] = (await runner.query(
    "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding",
  )) as { version: string; encoding: string }[]; // its columns
  if (row === undefined) return;
  if (Number.parseInt(row.version) < OLDEST_VERSION) {
    throw unusable(`is PostgreSQL ${row.version}. Use ${String(OLDEST_VERSION)} or later`);
  }
  if (row.encoding !== 'UTF8') {
    throw unusable(`has the encoding ${row.encoding}. Create it with ENCODING 'UTF8'`);
  }
}

/** PostgreSQL rolls back tables too: all migrations run, or none. */
async function migrate(
  database: DataSource,
  runner: QueryRunner,
  { migrates, name }: OpenOptions & { readonly name: string },
): Promise<void> {
  await runner.startTransaction();
  try {
    await runner.query(`SET LOCAL lock_timeout = ${String(START_TIMEOUT_MS)}`);
    await runner.query(`SELECT pg_advisory_xact_lock(${String(MIGRATION_LOCK)})`);
    await assertKnownMigrations(database, runner, name);
    if (!migrates) await assertMigrated(database, runner, name);
    const executor = new MigrationExecutor(database, runner);
    executor.transaction = 'none';
    await executor.executePendingMigrations();
    await runner.commitTransaction();
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}
