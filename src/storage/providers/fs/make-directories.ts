import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './fs-storage.errors.js';

/** macOS says EISDIR of the root of all. */
const IS_THERE = new Set(['EEXIST', 'EISDIR']);

/**
 * A directory with those above it. Node's own recursive `mkdir` says ENOENT where a file system is read-only.
 *
 * @returns the topmost one that was not there before.
 */
export async function makeDirectories(path: string, mode: number): Promise<string | undefined> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT' || path === dirname(path)) throw error;
  }
  const topmost = await makeDirectories(dirname(path), mode);
  const made = await makeOne(path, mode);
  return topmost ?? made;
}

async function makeOne(path: string, mode: number): Promise<string | undefined> {
  try {
    await mkdir(path, mode);
    return path;
  } catch (error) {
    if (!IS_THERE.has(errnoOf(error) ?? '') || !statSync(path).isDirectory()) throw error;
    return undefined;
  }
}
