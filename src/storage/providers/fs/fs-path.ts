import { basename, dirname, join } from 'node:path';
import { ESCAPE, keyBytes } from '../../contract/key-bytes.js';

/** A path for Node's file system API: bytes if it is not valid UTF-8. */
export type FsPath = string | Buffer;

const SLASH = 0x2f;

/** @returns the path of a key; undefined for a name that no file can have. */
export function pathBelow(directory: string, name: string): FsPath | undefined {
  if (!name.includes(ESCAPE)) return name.isWellFormed() ? join(directory, name) : undefined;
  const bytes = keyBytes(name);
  return bytes === undefined ? undefined : Buffer.concat([Buffer.from(join(directory, '/')), bytes]);
}

export function parentOf(path: FsPath): FsPath {
  if (typeof path === 'string') return dirname(path);
  return path.subarray(0, Math.max(1, path.lastIndexOf(SLASH)));
}

/** Returns the last component. */
export function nameOf(path: FsPath): FsPath {
  return typeof path === 'string' ? basename(path) : path.subarray(path.lastIndexOf(SLASH) + 1);
}

/** Returns a text that is unique to the path. */
export function pathText(path: FsPath): string {
  return typeof path === 'string' ? path : path.toString('latin1');
}

export function isSamePath(a: FsPath, b: FsPath): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;
}
