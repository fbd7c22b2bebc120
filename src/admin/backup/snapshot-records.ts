import { setTimeout } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { SqlStatement } from '../../database/sql.js';
import { OrphanRepository } from '../../journal/cleanup/orphan.repository.js';
import { ProcessRepository } from '../../journal/servers/process.repository.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';

/** Maximum time between the storing of a file and the writing of its record. */
const RECORD_WITHIN_MS = 5_000;

/** A copied file. */
export interface CopiedFile {
  readonly key: string;
  readonly etag: string;
}

/** Builds statements that adapt a copy of the database while the original changes. */
@Injectable()
export class SnapshotRecords {
  constructor(
    private readonly fileMetadata: FileMetadataRepository,
    private readonly orphans: OrphanRepository,
    private readonly processes: ProcessRepository,
  ) {}

  /** Returns a statement that copies the record of a file; undefined if it has none. */
  copyStatement(store: string, key: string, etag: string): Promise<SqlStatement | undefined> {
    return this.fileMetadata.copyStatement(store, key, etag);
  }

  /**
   * Returns statements that copy records of files, after a wait: a file becomes visible shortly before its record is
   * written.
   */
  async copyStatementsOfRecent(store: string, files: readonly CopiedFile[]): Promise<SqlStatement[]> {
    if (files.length === 0) return [];
    const running = [...(await this.processes.running())].filter((id) => id !== this.processes.ownId);
    if (running.length > 0) await setTimeout(RECORD_WITHIN_MS);
    const statements: SqlStatement[] = [];
    for (const { key, etag } of files) {
      const statement = await this.fileMetadata.copyStatement(store, key, etag);
      if (statement !== undefined) statements.push(statement);
    }
    return statements;
  }

  /** Removes the servers: none runs on the copy. */
  forgetServersStatements(): SqlStatement[] {
    return [this.processes.deregisterAllStatement()];
  }

  /** Removes the cleanup records of a store: unfinished uploads are not copied. */
  forgetOrphansStatements(store: string): SqlStatement[] {
    return [this.orphans.forgetStoreStatement(store)];
  }
}
