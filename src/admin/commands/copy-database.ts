import type { AppConfig } from '../../config/app-config.js';
import {
  databaseConfig,
  databaseName,
  databaseUrlProblem,
  forCommands,
  type DatabaseConfig,
} from '../../config/database-config.js';
import { DatabaseCopy, type CopyProgress } from '../../database/copy/database-copy.js';
import { isInUse } from '../../database/database-use.js';
import { withDatabase } from '../../database/open-database.js';
import { AdminError, failed } from '../admin-error.js';
import type { CommandCall, Report } from '../command-call.js';

/** Copies all rows of the configured database into another one. Files stay where they are. */
export async function copyDatabase({ config, args: [to = ''], report }: CommandCall): Promise<void> {
  const target = targetOf(to, config);
  const source = forCommands(config.database);
  for (const database of [source, target]) await assertUnused(database);
  const tables = await withDatabase(source, { migrates: false }, (from) =>
    withDatabase(target, { migrates: true, mayBeUnfinished: true }, (into) =>
      new DatabaseCopy(from, into).run(progressReport(report)),
    ),
  );
  for (const { table, rows, sha256 } of tables) {
    report(`${table}: ${String(rows)} rows, the same on both sides (sha256 ${sha256.slice(0, 16)})`);
  }
  report(`${databaseName(target)} holds a whole copy. Start the servers with it as DATABASE_URL.`);
}

function targetOf(url: string, { dataDir, database }: AppConfig): DatabaseConfig {
  const problem = databaseUrlProblem(url);
  if (problem !== undefined) throw new AdminError('Usage', `The target ${problem}.`);
  const limits = { poolSize: 4, timeoutSeconds: 10, durability: 'full' } as const;
  const target = forCommands(databaseConfig(url, dataDir, limits));
  if (databaseName(target) === databaseName(database)) {
    throw failed(`${databaseName(target)} is the database that the settings name: give another target.`);
  }
  return target;
}

async function assertUnused(database: DatabaseConfig): Promise<void> {
  if (!(await isInUse(database))) return;
  throw failed(`A server has the database ${databaseName(database)} open. Stop it, and copy again.`);
}

const BAR = 30;

/** A line per step: `stored_files ######......  250,000 of 1,000,000, 41,000 rows/s`. */
function progressReport(report: Report): (progress: CopyProgress) => void {
  let current = { table: '', since: 0, from: 0 };
  return ({ table, copied, total }) => {
    const now = performance.now();
    if (table !== current.table) current = { table, since: now, from: copied };
    if (total === 0) return;
    const filled = Math.round((BAR * copied) / total);
    const seconds = (now - current.since) / 1000;
    const rate = seconds === 0 ? '' : `, ${count((copied - current.from) / seconds)} rows/s`;
    report(
      `${table.padEnd(16)}${'#'.repeat(filled)}${'.'.repeat(BAR - filled)}  ${count(copied)} of ${count(total)}${rate}`,
    );
  };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
