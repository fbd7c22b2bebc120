import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Where a path really leads, links resolved: of what is not there yet, where it is going to be.
 *
 * @param path absolute.
 * @throws as `realpath` does, where somebody may not look.
 */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && ABSENT.has(String(error.code));
    if (!isAbsent || path === dirname(path)) throw error;
  }
  return join(realPathOf(dirname(path)), basename(path));
}

/** @param directory its path, of the same kind as the other one. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? directory : `${directory}/`);
}
