import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/**
 * Resolves links in a path; its last components need not exist.
 *
 * @param path absolute.
 * @throws the error of `realpath` if a directory cannot be read.
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

/** @param directory a path of the same form as `path`. */
export function isAtOrBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? directory : `${directory}/`);
}
