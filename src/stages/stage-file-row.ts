import type { ObjectStat, StorageCapabilities } from '../storage/contract/storage-provider.js';

/** A row of LIST, for REST and SQL alike. */
export interface StageFileRow {
  /** Relative to the stage's root. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** On S3 the object's ETag with its double quotes, as Databend shows it; null where the store knows no digest. */
  readonly md5: string | null;
  /** `2023-04-20 20:55:03.100 +0000` */
  readonly last_modified: string;
  readonly creator: string | null;
}

export function stageFileRow(stat: ObjectStat, capabilities: StorageCapabilities): StageFileRow {
  return {
    name: stat.key,
    size: stat.size,
    md5: stat.md5 ?? (capabilities.contentEtag ? stat.etag : null),
    last_modified: formatLastModified(stat.lastModified),
    creator: null,
  };
}

/** Databend's `%Y-%m-%d %H:%M:%S.%3f %z`, in UTC. */
function formatLastModified(time: Date): string {
  return `${time.toISOString().replace('T', ' ').slice(0, -1)} +0000`;
}
