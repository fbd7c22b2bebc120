import { Injectable } from '@nestjs/common';
import { DatabaseError } from '../database/database-error.js';
import { SqlDatabase } from '../database/sql-database.js';
import { sql, type SqlStatement, type SqlValue } from '../database/sql.js';
import { isOn } from '../config/shortcuts.js';
import { counted, type StagePlace } from './stage-usage.js';

/** Metadata of a file that this service has stored. */
export interface FileMetadata {
  readonly store: string;
  /** The key in the store. */
  readonly objectKey: string;
  /** Bytes. */
  readonly size: number;
  /** The store's etag when the file was stored: the metadata is valid while the object has it. */
  readonly etag: string;
  /** Hex digest of the whole content. */
  readonly md5: string | null;
  /** The type that the client declared. */
  readonly contentType: string | null;
  /** The uploading user in Databend's form. */
  readonly creator: string;
  readonly uploadId: string;
}

/** Metadata that is shown. */
export type FileFacts = Pick<FileMetadata, 'size' | 'etag' | 'md5' | 'creator' | 'contentType'>;

/** A record, as it counts. */
export type StoredRecord = Pick<FileMetadata, 'objectKey' | 'size' | 'etag'> & {
  /** ISO 8601 in UTC. */
  readonly storedAt: string;
};

type RecordRow = readonly [key: string, size: number, etag: string, storedAt: string];
type FactsRow = readonly [
  key: string,
  size: number,
  etag: string,
  md5: string | null,
  creator: string,
  contentType: string | null,
];

const RECORD =
  sql(`INSERT INTO stored_files (store, object_key, size, etag, md5, creator, content_type, stored_at, upload_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (store, object_key, etag) DO UPDATE SET size = excluded.size, md5 = excluded.md5,
creator = excluded.creator, content_type = excluded.content_type, stored_at = excluded.stored_at, upload_id = excluded.upload_id`);
const SUPERSEDE = sql('DELETE FROM stored_files WHERE store = ? AND object_key = ? AND stored_at < ?');
const RANGE = sql<FactsRow>(`SELECT object_key, size, etag, md5, creator, content_type FROM stored_files
WHERE store = ? AND (object_key, etag) > (?, ?) AND object_key <= ? ORDER BY object_key, etag LIMIT ?`);
/** Costs a quarter of the range query. */
const OF_ONE = sql<FactsRow>(`SELECT object_key, size, etag, md5, creator, content_type FROM stored_files
WHERE store = ? AND object_key = ? ORDER BY etag`);
const BELOW = sql<readonly [1]>(
  'SELECT 1 FROM stored_files WHERE store = ? AND object_key > ? AND object_key < ? LIMIT 1',
);
const FORGET = sql('DELETE FROM stored_files WHERE store = ? AND object_key = ? AND stored_at <= ?');
/** Makes room for `MOVE`: a record of the same object may be there already. */
const CLEAR_TARGET = sql(`DELETE FROM stored_files WHERE store = ? AND object_key >= ? AND object_key < ?
AND EXISTS (SELECT 1 FROM stored_files AS moved WHERE moved.store = ? AND moved.object_key = stored_files.object_key
AND moved.etag = stored_files.etag)`);
const MOVE = sql('UPDATE stored_files SET store = ? WHERE store = ? AND object_key >= ? AND object_key < ?');
const RECORDS = sql<RecordRow>(`SELECT object_key, size, etag, stored_at FROM stored_files
WHERE store = ? AND (object_key, etag) > (?, ?) AND object_key <= ? ORDER BY object_key, etag LIMIT ?`);
const FORGET_ONE = sql('DELETE FROM stored_files WHERE store = ? AND object_key = ? AND etag = ?');
const RETAG = sql('UPDATE stored_files SET etag = ? WHERE store = ? AND object_key = ? AND etag = ?');
const WHOLE = sql<
  readonly SqlValue[]
>(`SELECT store, object_key, size, etag, md5, creator, content_type, stored_at, upload_id FROM stored_files
WHERE store = ? AND object_key = ? AND etag = ?`);
const COPY =
  sql(`INSERT INTO stored_files (store, object_key, size, etag, md5, creator, content_type, stored_at, upload_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`);

/** After every etag. */
const LAST_ETAG = '\u{10FFFF}';
/** Rows per read. Records of removed objects may lie between those of a batch. */
const PAGE = 1000;
/**
 * Time for which an earlier record stays: of two concurrent uploads of a name, the store may keep the one that is
 * recorded first.
 */
const SUPERSEDED_MS = 60_000;

/** Of any store's etag, with its quotes. */
const MAX_ETAG_BYTES = 128;

/** Metadata of several objects. */
export class FileMetadataIndex {
  /** Nearly every key has one record only. */
  readonly #firstOf = new Map<string, FactsRow>();
  readonly #others: FactsRow[] = [];

  add(row: FactsRow): void {
    if (this.#firstOf.has(row[0])) this.#others.push(row);
    else this.#firstOf.set(row[0], row);
  }

  /** Returns the metadata of the object of that key and etag. */
  find(objectKey: string, etag: string | null): FileFacts | undefined {
    const first = this.#firstOf.get(objectKey);
    if (first === undefined) return undefined;
    if (first[2] === etag) return factsOf(first);
    const other = this.#others.find(([key, , otherEtag]) => key === objectKey && otherEtag === etag);
    return other === undefined ? undefined : factsOf(other);
  }

  /** Returns all records of that key and size, under any etag. */
  ofSize(objectKey: string, size: number): FileFacts[] {
    const first = this.#firstOf.get(objectKey);
    const rows = first === undefined ? [] : [first, ...this.#others.filter(([key]) => key === objectKey)];
    return rows.map(factsOf).filter((facts) => facts.size === size);
  }
}

function factsOf([, size, etag, md5, creator, contentType]: FactsRow): FileFacts {
  return { size, etag, md5, creator, contentType };
}

/** Stores the metadata of files, valid while the objects do not change. */
@Injectable()
export class FileMetadataRepository {
  readonly #hasSingle = isOn('single-lookups');

  constructor(private readonly database: SqlDatabase) {}

  /**
   * Checks that a file can be recorded, before it is stored.
   *
   * @throws DatabaseError of kind `Unstorable` if its key is too long for the database.
   */
  assertRecordable(store: string, objectKey: string): void {
    const most = this.database.maxKeyBytes - Buffer.byteLength(store) - MAX_ETAG_BYTES;
    const bytes = Buffer.byteLength(objectKey);
    if (bytes <= most) return;
    throw new DatabaseError(
      'Unstorable',
      `The name is too long for the database of the service: with the path of its stage it has ${String(bytes)} bytes, and may have ${String(most)}.`,
    );
  }

  /** Replaces earlier metadata of the object. Must be written together with the end of its upload. */
  recordStatements(entry: FileMetadata): readonly SqlStatement[] {
    const superseded = new Date(Date.now() - SUPERSEDED_MS).toISOString();
    return [SUPERSEDE.with(entry.store, entry.objectKey, superseded), this.recordStatement(entry)];
  }

  /** Records an object beside earlier ones of its key: one that is about to appear, with an etag that is known. */
  recordStatement(entry: FileMetadata): SqlStatement {
    const { store, objectKey, size, etag, md5, creator, contentType, uploadId } = entry;
    const storedAt = new Date().toISOString();
    return RECORD.with(store, objectKey, size, etag, md5, creator, contentType, storedAt, uploadId);
  }

  /** @param keys in byte order. */
  async lookup(store: string, keys: readonly string[]): Promise<FileMetadataIndex> {
    const [first] = keys;
    const last = keys.at(-1);
    const index = new FileMetadataIndex();
    if (first === undefined || last === undefined) return index;
    if (keys.length === 1 && this.#hasSingle) {
      for (const row of await this.database.readRows(OF_ONE, store, first)) index.add(row);
      return index;
    }
    const requested = new Set(keys);
    for (let from: readonly [key: string, etag: string] = [first, '']; ;) {
      const rows = await this.database.readRows(RANGE, store, ...from, last, PAGE);
      for (const row of rows) if (requested.has(row[0])) index.add(row);
      const lastRow = rows.at(-1);
      if (lastRow === undefined || rows.length < PAGE) return index;
      from = [lastRow[0], lastRow[2]];
    }
  }

  /** Reports whether an object was stored below this key, as `a/b` is below `a`. It may be removed since. */
  async hasBelow(store: string, objectKey: string): Promise<boolean> {
    // `0` follows the slash in byte order.
    return (await this.database.readRows(BELOW, store, `${objectKey}/`, `${objectKey}0`)).length > 0;
  }

  /** Changes the etag of a record after the object was copied. */
  async retag(
    { store, objectKey }: Pick<FileMetadata, 'store' | 'objectKey'>,
    from: string,
    to: string,
  ): Promise<void> {
    if (from === to) return;
    await this.database.write([
      FORGET_ONE.with(store, objectKey, to),
      RETAG.with(to, store, objectKey, from),
    ]);
  }

  /**
   * Returns a statement that inserts the object's record into another database unless it has one; undefined if this
   * database has none.
   */
  async copyStatement(store: string, objectKey: string, etag: string): Promise<SqlStatement | undefined> {
    const [row] = await this.database.readRows(WHOLE, store, objectKey, etag);
    return row === undefined ? undefined : COPY.with(...row);
  }

  /** Renames the store of all records whose keys have the prefix. */
  async moveStore(from: string, to: string, prefix: string): Promise<void> {
    // A prefix ends with a slash, which `0` follows.
    const end = `${prefix.slice(0, -1)}0`;
    if (from === to) return;
    await this.database.write([CLEAR_TARGET.with(to, prefix, end, from), MOVE.with(to, from, prefix, end)]);
  }

  /** Deletes the record of an object that has not appeared. */
  async forgetVersion(
    place: StagePlace,
    { objectKey, etag }: Pick<FileMetadata, 'objectKey' | 'etag'>,
  ): Promise<void> {
    const statements = [FORGET_ONE.with(place.store, objectKey, etag)];
    await this.database.write(counted(place, { first: objectKey, last: objectKey }, statements));
  }

  /**
   * Deletes records of removed objects; records stored after that time stay.
   *
   * @param keys of one stage, in byte order.
   * @param event written in the same commit.
   */
  async forget(
    place: StagePlace,
    keys: readonly string[],
    removedAt: Date,
    event?: SqlStatement,
  ): Promise<void> {
    const [first] = keys;
    const last = keys.at(-1);
    if (first === undefined || last === undefined) return;
    const time = removedAt.toISOString();
    const statements = keys.map((key) => FORGET.with(place.store, key, time));
    const all = counted(place, { first, last }, statements);
    await this.database.write(event === undefined ? all : [...all, event]);
  }

  /** Reads records in the order of their keys, some at a time: those after the first key and up to the last one. */
  async *records(store: string, after: string, last: string): AsyncGenerator<readonly StoredRecord[]> {
    for (
      let from: readonly [key: string, etag: string] | undefined = [after, LAST_ETAG];
      from !== undefined;
    ) {
      const rows: readonly RecordRow[] = await this.database.readRows(RECORDS, store, ...from, last, PAGE);
      if (rows.length > 0)
        yield rows.map(([objectKey, size, etag, storedAt]) => ({ objectKey, size, etag, storedAt }));
      const end = rows.length < PAGE ? undefined : rows.at(-1);
      from = end === undefined ? undefined : [end[0], end[2]];
    }
  }
}
