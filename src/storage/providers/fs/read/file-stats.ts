import type { ListedKey } from '../../../contract/listed-key.js';
import type { ObjectStat } from '../../../contract/storage-provider.js';

/** The fields of `Stats` that an `ObjectStat` needs. */
export interface FileStats {
  readonly size: number;
  /** With fractions if the file system stores them. */
  readonly mtimeMs: number;
  readonly ino: number;
}

export function objectStat(key: ListedKey, stats: FileStats): ObjectStat {
  return objectStatWith(etagOf(stats), key, stats);
}

/** Makes a stat with a computed etag. */
export function objectStatWith(
  etag: string,
  key: ListedKey,
  { size, mtimeMs }: Omit<FileStats, 'ino'>,
): ObjectStat {
  return { key, size, lastModified: new Date(Math.round(mtimeMs)), etag, md5: null, contentType: null };
}

/** Makes an etag of inode, size and time of change: new content changes at least one of them. */
export function etagOf({ size, mtimeMs, ino }: FileStats): string {
  return `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}"`;
}
