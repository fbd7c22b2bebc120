import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  type Stats,
} from 'node:fs';
import { chmod, lstat, opendir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** File modes that deny access to all other users, whatever the umask. */
export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_DIRECTORY_MODE = 0o700;

const OF_OTHERS = 0o077;
const READ_BY_ANYBODY = 0o004;
const STICKY = 0o1000;
/** Error codes for files that this process may not change, or cannot change on this file system. */
const NOT_CHANGEABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * Creates a directory with its parents. Existing ones keep their mode. Node's recursive `mkdir` reports ENOENT on a
 * read-only disk, and never ends below `/proc`.
 */
export function makePrivateDirectory(path: string): void {
  if (statsOfTarget(path)?.isDirectory() === true) return;
  if (path !== dirname(path)) makePrivateDirectory(dirname(path));
  try {
    mkdirSync(path, PRIVATE_DIRECTORY_MODE);
  } catch (error) {
    // Two servers can start concurrently.
    if (statsOfTarget(path)?.isDirectory() !== true) throw error;
  }
}

/** Creates an empty file if none exists. A failure is left to the code that opens the file, and reports it. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE_MODE));
  } catch (error) {
    if (!hasCode(error)) throw error;
  }
}

/** Reports whether the mode of the link's target lets every user of the machine read it. */
export function isReadableByAnybody(path: string): boolean {
  return ((statsOfTarget(path)?.mode ?? 0) & READ_BY_ANYBODY) !== 0;
}

/** Removes the rights of group and others from a file that exists and belongs to this user. */
export function tightenFile(path: string): void {
  const stats = statsOf(path);
  if (stats?.isFile() === true && isAccessibleToOthers(stats)) removeRights(path, stats);
}

/**
 * Removes the rights of group and others from a configured directory. Leaves shared directories such as `/tmp`
 * unchanged: sticky ones, those of another user, those that contain files of another user, and the file system's root.
 */
export function tightenDirectory(path: string): void {
  const stats = statsOf(path);
  if (stats?.isDirectory() !== true || !isAccessibleToOthers(stats) || path === '/' || !isOwn(stats)) return;
  if ((stats.mode & STICKY) !== 0) return;
  const names = readdirSync(path).filter((name) => name !== 'lost+found'); // in the root of a file system, always owned by root
  if (names.some((name) => statsOf(join(path, name))?.uid !== stats.uid)) return;
  removeRights(path, stats);
}

/**
 * Removes the rights of group and others from a directory and everything in it. Skips private directories, which nobody
 * else can enter. Changes a directory after its content, so that an interrupted run is repeated. Below the top, skips
 * directories of other users: they would stay open, and be searched at every start.
 */
export async function tightenTree(path: string): Promise<void> {
  await tightenBelow(path, true);
}

async function tightenBelow(path: string, isTop: boolean): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!isAccessibleToOthers(stats) || stats.isSymbolicLink() || !(isTop || isOwn(stats))) return;
    if (stats.isDirectory()) {
      for await (const { name } of await opendir(path)) await tightenBelow(join(path, name), false);
    }
    if (isOwn(stats)) await chmod(path, tightened(stats));
  } catch (error) {
    const isMissing = hasCode(error) && error.code === 'ENOENT';
    if (!isMissing && !isUnchangeable(error)) throw error;
  }
}

function tightened({ mode }: Stats): number {
  return mode & 0o7777 & ~OF_OTHERS;
}

function isAccessibleToOthers({ mode }: Stats): boolean {
  return (mode & OF_OTHERS) !== 0;
}

/** Compares owners: root could change files of other users, but does not. */
function isOwn({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Follows links. */
function statsOfTarget(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasCode(error)) return undefined; // it cannot be changed either
    throw error;
  }
}

function removeRights(path: string, stats: Stats): void {
  try {
    chmodSync(path, tightened(stats));
  } catch (error) {
    if (!isUnchangeable(error)) throw error;
  }
}

function isUnchangeable(error: unknown): boolean {
  return hasCode(error) && NOT_CHANGEABLE.has(error.code);
}

function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
