import { Injectable } from '@nestjs/common';
import { TimeSlices } from '../common/time-slices.js';
import { SqlDatabase } from '../database/sql-database.js';
import { sql } from '../database/sql.js';
import { FileMetadataRepository, type StoredRecord } from '../file-metadata/file-metadata.repository.js';
import { afterPrefix, type FileTotals } from '../file-metadata/known-totals.repository.js';
import type { StagePlace } from '../file-metadata/stage-usage.js';
import type { StageRoot } from '../stages/files/stage-storage.js';
import { matchingFiles } from '../stages/files/matching-files.js';
import type { ObjectStat } from '../storage/contract/storage-provider.js';
import { ListedRecords, MissingRecords } from './missing-records.js';
import { StageUseRepository } from './stage-use.repository.js';

const RESERVED = sql<readonly [key: string, processId: string]>(
  'SELECT object_key, process_id FROM stage_reservations WHERE store = ? AND prefix = ?',
);

/** Files that a listing has shown beside the records. */
export interface OutsideCount extends FileTotals {
  /** False where it may be the listing of another store. */
  readonly isSure: boolean;
}

/** Options of a count. */
export interface CountOptions {
  /** Ids of servers that have died: what they were uploading may be in the store, and will never be recorded. */
  readonly dead?: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Counts what is in the store of a stage beside the records of its files, by a listing. */
@Injectable()
export class StageCounter {
  constructor(
    private readonly database: SqlDatabase,
    private readonly fileMetadata: FileMetadataRepository,
    private readonly uses: StageUseRepository,
    private readonly missing: MissingRecords,
  ) {}

  async isCounted(place: StagePlace): Promise<boolean> {
    return (await this.uses.find(place)) !== undefined;
  }

  /**
   * Counts a stage anew, unless its store may be another one. Uploads go on meanwhile.
   *
   * @throws StorageError, UnlistedDirectories; nothing is changed then.
   */
  async recount(root: StageRoot, options: CountOptions = {}): Promise<void> {
    const outside = await this.outside(root, options);
    if (!outside.isSure) return;
    await this.database.write([this.uses.restart(root.location, outside)]);
    await this.uses.finish(root.location);
  }

  /**
   * Adds up the files that are in the store and not on record: put there by others, or by a server that died before it recorded them.
   * Forgets the records of files that others have removed, if it is clear that they have.
   */
  async outside(root: StageRoot, { dead, signal }: CountOptions = {}): Promise<OutsideCount> {
    const { storage, location } = root;
    const { store, prefix } = location;
    const slices = new TimeSlices();
    const seen = new ListedRecords();
    const outside = { files: 0, bytes: 0 };
    let after = prefix;
    const compare = async (last: string, stats: readonly ObjectStat[]): Promise<void> => {
      const reserved = await this.#reservedKeys(location, dead);
      const listed = new Map(stats.map((stat) => [prefix + stat.key, stat]));
      const records = await this.#recordsOf(store, { after, last }, (record) => {
        const stat = listed.get(record.objectKey);
        seen.add(record, stat);
        return stat !== undefined;
      });
      for (const [key, stat] of listed) {
        if (!reserved.has(key)) add(outside, stat, records.get(key));
      }
      after = last;
    };
    for await (const batch of matchingFiles(storage, { prefix: '', signal })) {
      const last = batch.at(-1);
      if (last !== undefined) await compare(prefix + last.key, batch);
      if (slices.isOver) await slices.next();
    }
    await compare(afterPrefix(prefix), []);
    // After the death of a server nobody has asked for it, and the store may be another one by mistake.
    const isSure = dead !== undefined || (await this.missing.forget(root, seen));
    return { ...outside, isSure };
  }

  /** Read before the records: a file that is recorded in between is no more reserved, and is on record. */
  async #reservedKeys(
    { store, prefix }: StageRoot['location'],
    dead: ReadonlySet<string> | undefined,
  ): Promise<ReadonlySet<string>> {
    const rows = await this.database.readRows(RESERVED, store, prefix);
    return new Set(rows.filter(([, processId]) => dead?.has(processId) !== true).map(([key]) => key));
  }

  async #recordsOf(
    store: string,
    { after, last }: { readonly after: string; readonly last: string },
    isWanted: (record: StoredRecord) => boolean,
  ): Promise<ReadonlyMap<string, readonly StoredRecord[]>> {
    const wanted = new Map<string, StoredRecord[]>();
    for await (const rows of this.fileMetadata.records(store, after, last)) {
      for (const row of rows) {
        if (isWanted(row)) wanted.set(row.objectKey, [...(wanted.get(row.objectKey) ?? []), row]);
      }
    }
    return wanted;
  }
}

/** Adds a file that is on no record, or the bytes by which one is longer than its record. */
function add(
  outside: { files: number; bytes: number },
  { etag, size }: ObjectStat,
  records: readonly StoredRecord[] = [],
): void {
  if (records.length === 0) outside.files++;
  if (records.some((record) => record.etag === etag)) return;
  const recorded = records.length === 0 ? 0 : Math.min(...records.map((record) => record.size));
  outside.bytes += Math.max(0, size - recorded);
}
