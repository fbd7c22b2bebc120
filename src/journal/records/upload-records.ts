import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import type { SqlStatement } from '../../database/sql.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { ActivePuts } from '../cleanup/active-puts.js';
import { OrphanRepository } from '../cleanup/orphan.repository.js';
import { UploadStatusRepository } from './upload-status.repository.js';

/** Maximum number of changes that wait until the database is writable again. */
const MAX_UNWRITTEN = 10_000;

/** A change of upload records. */
export interface UploadChange {
  readonly statements: readonly SqlStatement[];
  /** Changes the in-memory state. Called only after the statements are written. */
  readonly remember?: () => void;
}

/** A running upload, as its progress is recorded. */
export interface WatchedUpload {
  /** Returns the changes since the last recorded progress. */
  progress(): readonly UploadChange[];
}

/** Writes all upload records, and updates the in-memory state after each write. */
@Injectable()
export class UploadRecords {
  readonly puts = new ActivePuts();
  /** The uploads that this server receives now. */
  readonly running = new Set<WatchedUpload>();
  readonly #unwritten: UploadChange[] = [];

  constructor(
    private readonly database: SqlDatabase,
    readonly fileMetadata: FileMetadataRepository,
    readonly orphans: OrphanRepository,
    readonly statuses: UploadStatusRepository,
  ) {}

  /** Writes all of the changes or none. @throws DatabaseError; the in-memory state is then unchanged. */
  async write(...changes: readonly UploadChange[]): Promise<void> {
    const statements = changes.flatMap((change) => change.statements);
    if (statements.length > 0) await this.database.write(statements);
    for (const { remember } of changes) remember?.();
  }

  /** Writes changes; `writeUnwritten` retries those that could not be written. */
  writeLater(...changes: readonly UploadChange[]): void {
    if (this.#unwritten.length < MAX_UNWRITTEN) this.#unwritten.push(...changes);
  }

  /** @throws DatabaseError; all changes remain for the next retry. */
  async writeUnwritten(): Promise<void> {
    const unwritten = this.#unwritten.splice(0);
    try {
      await this.write(...unwritten);
    } catch (error) {
      this.#unwritten.unshift(...unwritten);
      throw error;
    }
  }
}
