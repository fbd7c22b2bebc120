import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from './database-error.js';

/** The phase of a restore. While it copies, the old files are unchanged; while it moves, the files may be half of a backup. */
export type RestorePhase = 'copying' | 'moving';

/** The path of the file that marks a data folder until a restore into it has ended. */
export function restoreMarker(dataDir: string): string {
  return join(dataDir, 'restore.unfinished');
}

/** Writes the phase. When it resolves, the phase survives a power cut if the file existed before. */
export async function writeRestoreMarker(dataDir: string, phase: RestorePhase): Promise<void> {
  const marker = await open(restoreMarker(dataDir), 'w', 0o600);
  try {
    await marker.write(phase);
    await marker.sync();
  } finally {
    await marker.close();
  }
}

/** Was a restore interrupted after it had begun to move files into place? */
export function wasMoving(dataDir: string): boolean {
  const marker = restoreMarker(dataDir);
  return existsSync(marker) && readFileSync(marker, 'utf8') !== ('copying' satisfies RestorePhase);
}

/** @throws DatabaseError if a restore was interrupted: the files may be half of a backup. */
export function assertNoInterruptedRestore(dataDir: string): void {
  const marker = restoreMarker(dataDir);
  if (!existsSync(marker)) return;
  const alternative = wasMoving(dataDir) ? '' : `, or remove ${marker} to go on with what was there before`;
  throw new DatabaseError(
    'Unavailable',
    `A restore into ${dataDir} has not ended. Run it again: npm run admin -- restore <backup>${alternative}.`,
  );
}
