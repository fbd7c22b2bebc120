import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import type { RecordedFile } from './upload-record.js';
import { ProcessRepository } from '../servers/process.repository.js';
import { statusOf, UPLOAD_COLUMNS, type UploadRow } from './upload-rows.js';
import type { NewUpload, UploadAnswer, UploadFailure, UploadStatus } from './upload-state.js';

type RunningRow = Pick<UploadRow, 'id' | 'process_id'>;

const BEGIN =
  sql(`INSERT INTO uploads (id, process_id, user_id, user_name, stage_name, state, started_at, files, idempotency_key,
request_digest, expected_bytes) VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, '[]', ?, ?, ?) ON CONFLICT DO NOTHING`);
const PROGRESS = sql("UPDATE uploads SET received_bytes = ? WHERE id = ? AND state = 'RUNNING'");
const END = sql(`UPDATE uploads SET state = ?, ended_at = ?, files = ?, failure = ?, answer = ?,
received_bytes = coalesce(?, received_bytes) WHERE id = ?`);
/** Its beginning may be written at the same time. */
const WHOLE =
  sql(`INSERT INTO uploads (id, process_id, user_id, user_name, stage_name, started_at, expected_bytes, state, ended_at,
files, failure, received_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET state = excluded.state,
ended_at = excluded.ended_at, files = excluded.files, failure = excluded.failure, received_bytes = excluded.received_bytes`);
const COLUMNS = `SELECT ${UPLOAD_COLUMNS} FROM uploads`;
const BY_ID = sql<UploadRow>(`${COLUMNS} WHERE id = ?`);
/** A failed upload can be repeated under the same key. */
const BY_KEY = sql<UploadRow>(`${COLUMNS} WHERE user_id = ? AND idempotency_key = ? AND state <> 'FAILED'`);
const RUNNING = sql<RunningRow>(
  "SELECT id, process_id FROM uploads WHERE state = 'RUNNING' AND process_id <> ?",
);
const OLD = sql("DELETE FROM uploads WHERE started_at < ? AND state <> 'RUNNING'");

/** Result of an upload. Undefined bytes leave what is recorded. */
export type UploadEnd = { readonly receivedBytes?: number } & (
  | { readonly state: 'SUCCESS'; readonly files: readonly RecordedFile[]; readonly answer: UploadAnswer }
  | { readonly state: 'FAILED'; readonly files: readonly RecordedFile[]; readonly failure: UploadFailure }
);

/** Stores the state of uploads of all servers. */
@Injectable()
export class UploadStatusRepository {
  constructor(
    private readonly database: SqlDatabase,
    private readonly processes: ProcessRepository,
  ) {}

  beginning({ id, userId, userName, stageName, startedAt, body, repeatable }: NewUpload): SqlStatement {
    const { key = null, requestDigest = null } = repeatable ?? {};
    const ownId = this.processes.ownId;
    return BEGIN.with(
      ...[id, ownId, userId, userName, stageName],
      startedAt.toISOString(),
      key,
      requestDigest,
      body.expectedBytes,
    );
  }

  /**
   * @returns false if an upload of the user has that key. The database decides, so that only one of two concurrent
   *   requests begins.
   */
  async begin(upload: NewUpload): Promise<boolean> {
    const [changes] = await this.database.write([this.beginning(upload)]);
    return changes === 1;
  }

  /** Records the end of an upload. Keeps the answer only if the request can be repeated. */
  ending(id: string, end: UploadEnd, hasIdempotencyKey: boolean): SqlStatement {
    const answer = end.state === 'SUCCESS' && hasIdempotencyKey ? JSON.stringify(end.answer) : null;
    const endedAt = new Date().toISOString();
    const received = end.receivedBytes ?? null;
    return END.with(end.state, endedAt, JSON.stringify(end.files), failureText(end), answer, received, id);
  }

  /** Records an upload that has ended, and whose beginning is not recorded. It has no Idempotency-Key. */
  whole({ id, userId, userName, stageName, startedAt, body }: NewUpload, end: UploadEnd): SqlStatement {
    return WHOLE.with(
      ...[id, this.processes.ownId, userId, userName, stageName],
      ...[startedAt.toISOString(), body.expectedBytes],
      end.state,
      new Date().toISOString(),
      JSON.stringify(end.files),
      failureText(end),
      end.receivedBytes ?? 0,
    );
  }

  progress(id: string, receivedBytes: number): SqlStatement {
    return PROGRESS.with(receivedBytes, id);
  }

  async find(id: string): Promise<UploadStatus | undefined> {
    return firstOf(await this.database.read(BY_ID, id));
  }

  async findByKey(userId: string, key: string): Promise<UploadStatus | undefined> {
    return firstOf(await this.database.read(BY_KEY, userId, key));
  }

  /** Marks uploads of stopped servers as failed. */
  async endUploadsOfStopped(running: ReadonlySet<string>): Promise<void> {
    const rows = await this.database.read(RUNNING, this.processes.ownId);
    const message = 'The server ended in the middle of the upload. Send it again.';
    const failure = { code: 503, kind: 'ShuttingDown', message };
    const dead = rows.filter(({ process_id: processId }) => !running.has(processId));
    const end: UploadEnd = { state: 'FAILED', files: [], failure };
    if (dead.length > 0) await this.database.write(dead.map(({ id }) => this.ending(id, end, true)));
  }

  async forgetBefore(time: Date): Promise<void> {
    await this.database.write([OLD.with(time.toISOString())]);
  }
}

function failureText(end: UploadEnd): string | null {
  return end.state === 'FAILED' ? JSON.stringify(end.failure) : null;
}

function firstOf([row]: readonly UploadRow[]): UploadStatus | undefined {
  return row && statusOf(row);
}
