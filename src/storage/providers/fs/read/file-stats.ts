import type { ListedKey } from '../../../contract/listed-key.js';
import type { ObjectStat } from '../../../contract/storage-provider.js';

/** What is known of a file; `Stats` has it. */
export interface FileStats {
  readonly size: number;
  /** With fractions, as far as the file system has them. */
  readonly mtimeMs: number;
  readonly ino: number;
}

export function objectStat(key: ListedKey, stats: FileStats): ObjectStat {
  return objectStatWith(etagOf(stats), key, stats);
}

/** Where the etag has been made already. */
export function objectStatWith(
  etag: string,
  key: ListedKey,
  { size, mtimeMs }: Omit<FileStats, 'ino'>,
): ObjectStat {
  return { key, size, lastModified: new Date(Math.round(mtimeMs)), etag, md5: null, contentType: null };
}

/** Another content is another file, or has been changed at another time, or is longer. */
export function etagOf({ size, mtimeMs, ino }: FileStats): string {
  return `"${ino.toString(36)}-${size.toString(36)}-${Math.round(mtimeMs * 1000).toString(36)}"`;
}
