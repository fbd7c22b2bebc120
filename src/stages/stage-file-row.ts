import type { FileFacts } from '../ledger/file-ledger.repository.js';
import type { ObjectStat, StorageCapabilities } from '../storage/contract/storage-provider.js';

/** A row of LIST, for REST and SQL alike. */
export interface StageFileRow {
  /** Relative to the stage's root. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Hex digest of the whole file, where this service took it in. Else, on S3, the object's ETag with its double quotes, as
   * Databend shows it; null where the store knows no digest.
   */
  readonly md5: string | null;
  /** `2023-04-20 20:55:03.100 +0000` */
  readonly last_modified: string;
  /** Who has uploaded it, where this service took it in. */
  readonly creator: string | null;
}

/** @param taken what is known of the file that this service took in; of another object in its place it says nothing. */
export function stageFileRow(
  stat: ObjectStat,
  capabilities: StorageCapabilities,
  taken: FileFacts | undefined,
): StageFileRow {
  const known = taken !== undefined && isStill(taken, stat) ? taken : undefined;
  return {
    name: stat.key,
    size: stat.size,
    md5: known?.md5 ?? stat.md5 ?? (capabilities.contentEtag ? stat.etag : null),
    last_modified: formatLastModified(stat.lastModified),
    creator: known?.creator ?? null,
  };
}

function isStill({ size, etag }: FileFacts, stat: ObjectStat): boolean {
  return stat.etag === etag && stat.size === size;
}

/** Databend's `%Y-%m-%d %H:%M:%S.%3f %z`, in UTC. */
function formatLastModified(time: Date): string {
  const iso = time.toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)} +0000`;
}
