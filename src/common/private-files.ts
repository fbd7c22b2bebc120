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

/** Modes of what no other user of the machine may read, whatever the umask. */
export const PRIVATE_FILE_MODE = 0o600;
export const PRIVATE_DIRECTORY_MODE = 0o700;

const OF_OTHERS = 0o077;
const READ_BY_ANYBODY = 0o004;
const STICKY = 0o1000;
/** The system's words for: it is not ours to change, or cannot be changed here. */
const NOT_CHANGEABLE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP']);

/**
 * With those above it. What is there already keeps its mode. Node's own recursive `mkdir` says ENOENT of a read-only
 * disk, and below `/proc` it never ends.
 */
export function makePrivateDirectory(path: string): void {
  if (statsBehind(path)?.isDirectory() === true) return;
  if (path !== dirname(path)) makePrivateDirectory(dirname(path));
  try {
    mkdirSync(path, PRIVATE_DIRECTORY_MODE);
  } catch (error) {
    // Two servers can start at once.
    if (statsBehind(path)?.isDirectory() !== true) throw error;
  }
}

/** An empty one where there is none. Where it cannot be made, who opens it says why. */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', PRIVATE_FILE_MODE));
  } catch (error) {
    if (!hasCode(error)) throw error;
  }
}

/** Can every user of the machine read what the path leads to, as far as its own mode says? */
export function isReadableByAnybody(path: string): boolean {
  return ((statsBehind(path)?.mode ?? 0) & READ_BY_ANYBODY) !== 0;
}

/** Takes the rights of group and others away from a file, where it is there and ours. */
export function tightenFile(path: string): void {
  const stats = statsOf(path);
  if (stats?.isFile() === true && isOpen(stats)) takeRights(path, stats);
}

/**
 * The same of a directory that a setting names. One that others share (as `/tmp` is) is left as it is: sticky ones, those of
 * another user, those that hold something of another user, and the root of all.
 */
export function tightenDirectory(path: string): void {
  const stats = statsOf(path);
  if (stats?.isDirectory() !== true || !isOpen(stats) || path === '/' || !isOurs(stats)) return;
  if ((stats.mode & STICKY) !== 0) return;
  const names = readdirSync(path).filter((name) => name !== 'lost+found'); // at the top of a disk, always root's
  if (names.some((name) => statsOf(join(path, name))?.uid !== stats.uid)) return;
  takeRights(path, stats);
}

/**
 * The same of a directory and of all that it holds. One that is private already is not looked into: nobody else gets there. A
 * directory comes after what it holds, so that what was cut off is done again. Below the top one no directory of another user is
 * looked into: it stays open, and would be looked through at every start.
 */
export async function tightenTree(path: string): Promise<void> {
  await tightenBelow(path, true);
}

async function tightenBelow(path: string, isTop: boolean): Promise<void> {
  try {
    const stats = await lstat(path);
    if (!isOpen(stats) || stats.isSymbolicLink() || !(isTop || isOurs(stats))) return;
    if (stats.isDirectory()) {
      for await (const { name } of await opendir(path)) await tightenBelow(join(path, name), false);
    }
    if (isOurs(stats)) await chmod(path, tightened(stats));
  } catch (error) {
    const isGone = hasCode(error) && error.code === 'ENOENT';
    if (!isGone && !isUnchangeable(error)) throw error;
  }
}

function tightened({ mode }: Stats): number {
  return mode & 0o7777 & ~OF_OTHERS;
}

function isOpen({ mode }: Stats): boolean {
  return (mode & OF_OTHERS) !== 0;
}

/** Root may change what is another user's, and does not. */
function isOurs({ uid }: Stats): boolean {
  return process.geteuid === undefined || uid === process.geteuid();
}

/** Of what a link leads to. */
function statsBehind(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (hasCode(error)) return undefined; // nor can it be changed
    throw error;
  }
}

function takeRights(path: string, stats: Stats): void {
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
