import { lstatSync } from 'node:fs';

/** What is known of a file by its name. */
export interface FileStats {
  readonly size: number;
  /** With fractions, as far as the file system has them. */
  readonly mtimeMs: number;
  readonly ino: number;
}

/** @returns undefined for what is no file of its own, or is not there. */
export function fileStats(path: string): FileStats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats : undefined;
}
