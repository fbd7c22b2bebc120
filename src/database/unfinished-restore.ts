import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from './database-error.js';

/** The file that is in a data folder as long as a restore into it has not ended. */
export function restoreMarker(dataDir: string): string {
  return join(dataDir, 'restore.unfinished');
}

/** @throws DatabaseError where a restore was cut off: what is there may be half of a backup. */
export function refuseUnfinishedRestore(dataDir: string): void {
  if (!existsSync(restoreMarker(dataDir))) return;
  throw new DatabaseError(
    'Unavailable',
    `A restore into ${dataDir} has not ended. Run it again: npm run admin -- restore <backup>.`,
  );
}
