import { Injectable } from '@nestjs/common';
import { SqlDatabase, type SqlStatement } from '../../database/sql-database.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { ActivePuts } from '../cleanup/active-puts.js';
import { OrphanRepository } from '../cleanup/orphan.repository.js';
import { UploadStatusRepository } from './upload-status.repository.js';

/** Changes that wait for a database that can be written again. */
const MAX_UNWRITTEN = 10_000;

/** A change of the records of uploads. */
export interface UploadChange {
  readonly statements: readonly SqlStatement[];
  /** Changes what this process remembers. Called when the statements are written, and not before. */
  readonly remember?: () => void;
}

/** The records of uploads: the one place where they are written, and where what this process remembers follows them. */
@Injectable()
export class UploadRecords {
  readonly puts = new ActivePuts();
  readonly #unwritten: UploadChange[] = [];

  constructor(
    private readonly database: SqlDatabase,
    readonly fileMetadata: FileMetadataRepository,
    readonly orphans: OrphanRepository,
    readonly statuses: UploadStatusRepository,
  ) {}

  /**
   * All of the changes or none.
   *
   * @throws DatabaseError; what this process remembers is as it was then.
   */
  async write(...changes: readonly UploadChange[]): Promise<void> {
    const statements = changes.flatMap((change) => change.statements);
    if (statements.length > 0) await this.database.write(statements);
    for (const { remember } of changes) remember?.();
  }

  /** What could not be written is tried again by `writeUnwritten`. */
  writeLater(...changes: readonly UploadChange[]): void {
    if (this.#unwritten.length < MAX_UNWRITTEN) this.#unwritten.push(...changes);
  }

  /** @throws DatabaseError; all of it is tried again then. */
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
