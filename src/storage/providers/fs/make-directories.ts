import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errnoOf } from './fs-storage.errors.js';
import { HeldDirectory, KNOWS_HANDLES } from './links/held-directory.js';
import { assertWithin } from './links/stage-roots.js';

/** Codes of `mkdir` for an existing directory. macOS reports EISDIR for `/`. */
const EXISTS = new Set(['EEXIST', 'EISDIR']);

export interface NewDirectory {
  readonly mode: number;
  /** If its path is below one of these, no link may lead out of them. */
  readonly roots: readonly string[];
}

/**
 * Creates a directory and its missing parents. Node's own recursive `mkdir` reports ENOENT on a read-only file system.
 *
 * @returns the topmost directory that was created.
 */
export async function makeDirectories(path: string, options: NewDirectory): Promise<string | undefined> {
  try {
    return await makeOne(path, options);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || path === dirname(path)) throw error;
  }
  const topmost = await makeDirectories(dirname(path), options);
  const created = await makeOne(path, options);
  return topmost ?? created;
}

async function makeOne(path: string, { mode, roots }: NewDirectory): Promise<string | undefined> {
  const parent = holdParent(path, roots);
  try {
    await mkdir(parent.pathOf(basename(path)), mode);
    return path;
  } catch (error) {
    if (!EXISTS.has(errnoOf(error) ?? '') || !statSync(path).isDirectory()) throw error;
    return undefined;
  } finally {
    parent.close();
  }
}

function holdParent(path: string, roots: readonly string[]): HeldDirectory {
  const parent = dirname(path);
  if (!KNOWS_HANDLES || roots.length === 0) return HeldDirectory.named(parent);
  const held = HeldDirectory.open(parent);
  try {
    assertWithin(path, join(held.realPath(), basename(path)), roots);
    return held;
  } catch (error) {
    held.close();
    throw error;
  }
}
