import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from './database-error.js';

/** What a restore does: while it copies, all is as it was; while it moves, what is in place may be half of a backup. */
export type RestorePhase = 'copying' | 'moving';

/** The file that is in a data folder as long as a restore into it has not ended. */
export function restoreMarker(dataDir: string): string {
  return join(dataDir, 'restore.unfinished');
}

/** Survives a power cut when it resolves, where the file was there before. */
export async function writeRestoreMarker(dataDir: string, phase: RestorePhase): Promise<void> {
  const marker = await open(restoreMarker(dataDir), 'w', 0o600);
  try {
    await marker.write(phase);
    await marker.sync();
  } finally {
    await marker.close();
  }
}

/** Was a restore cut off that had begun to move files into place? */
export function wasMoving(dataDir: string): boolean {
  const marker = restoreMarker(dataDir);
  return existsSync(marker) && readFileSync(marker, 'utf8') !== ('copying' satisfies RestorePhase);
}

/** @throws DatabaseError where a restore was cut off: what is there may be half of a backup. */
export function assertNoInterruptedRestore(dataDir: string): void {
  const marker = restoreMarker(dataDir);
  if (!existsSync(marker)) return;
  const alternative = wasMoving(dataDir) ? '' : `, or remove ${marker} to go on with what was there before`;
  throw new DatabaseError(
    'Unavailable',
    `A restore into ${dataDir} has not ended. Run it again: npm run admin -- restore <backup>${alternative}.`,
  );
}
