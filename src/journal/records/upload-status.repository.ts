import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import type { RecordedFile } from './upload-record.js';
import { ProcessRepository } from '../servers/process.repository.js';
import type { NewUpload, UploadAnswer, UploadFailure, UploadState, UploadStatus } from './upload-state.js';

interface UploadRow {
  readonly id: string;
  readonly process_id: string;
  readonly user_id: string;
  readonly user_name: string;
  readonly stage_name: string;
  readonly state: UploadState;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly files: string;
  readonly failure: string | null;
  readonly request_digest: string | null;
  readonly answer: string | null;
}

type RunningRow = Pick<UploadRow, 'id' | 'process_id'>;

const BEGIN =
  sql(`INSERT INTO uploads (id, process_id, user_id, user_name, stage_name, state, started_at, files, idempotency_key,
request_digest) VALUES (?, ?, ?, ?, ?, 'RUNNING', ?, '[]', ?, ?) ON CONFLICT DO NOTHING`);
const END = sql(
  'UPDATE uploads SET state = ?, ended_at = ?, files = ?, failure = ?, answer = ? WHERE id = ?',
);
/** A failed upload can be repeated under the same key. */
const FREE_KEY = sql("UPDATE uploads SET idempotency_key = NULL WHERE id = ? AND state = 'FAILED'");
const COLUMNS = `SELECT id, process_id, user_id, user_name, stage_name, state, started_at, ended_at, files, failure, request_digest,
answer FROM uploads`;
const BY_ID = sql<UploadRow>(`${COLUMNS} WHERE id = ?`);
const BY_KEY = sql<UploadRow>(`${COLUMNS} WHERE user_id = ? AND idempotency_key = ?`);
const RUNNING = sql<RunningRow>(
  "SELECT id, process_id FROM uploads WHERE state = 'RUNNING' AND process_id <> ?",
);
const OLD = sql("DELETE FROM uploads WHERE started_at < ? AND state <> 'RUNNING'");

/** Result of an upload. */
export type UploadEnd =
  | { readonly state: 'SUCCESS'; readonly files: readonly RecordedFile[]; readonly answer: UploadAnswer }
  | { readonly state: 'FAILED'; readonly files: readonly RecordedFile[]; readonly failure: UploadFailure };

/** Stores the state of uploads of all servers. */
@Injectable()
export class UploadStatusRepository {
  constructor(
    private readonly database: SqlDatabase,
    private readonly processes: ProcessRepository,
  ) {}

  beginning({ id, userId, userName, stageName, startedAt, repeatable }: NewUpload): SqlStatement {
    const { key = null, requestDigest = null } = repeatable ?? {};
    const ownId = this.processes.ownId;
    return BEGIN.with(
      ...[id, ownId, userId, userName, stageName],
      startedAt.toISOString(),
      key,
      requestDigest,
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
  ending(id: string, end: UploadEnd, hasIdempotencyKey: boolean): readonly SqlStatement[] {
    const failure = end.state === 'FAILED' ? JSON.stringify(end.failure) : null;
    const answer = end.state === 'SUCCESS' && hasIdempotencyKey ? JSON.stringify(end.answer) : null;
    const endedAt = new Date().toISOString();
    const ending = END.with(end.state, endedAt, JSON.stringify(end.files), failure, answer, id);
    return hasIdempotencyKey && failure !== null ? [ending, FREE_KEY.with(id)] : [ending];
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
    if (dead.length > 0) await this.database.write(dead.flatMap(({ id }) => this.ending(id, end, true)));
  }

  async forgetBefore(time: Date): Promise<void> {
    await this.database.write([OLD.with(time.toISOString())]);
  }
}

function firstOf([row]: readonly UploadRow[]): UploadStatus | undefined {
  return row && statusOf(row);
}

function statusOf(row: UploadRow): UploadStatus {
  return {
    id: row.id,
    processId: row.process_id,
    userId: row.user_id,
    userName: row.user_name,
    stageName: row.stage_name,
    state: row.state,
    startedAt: new Date(row.started_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    // JSON written by `beginning` and `ending`
    files: JSON.parse(row.files) as RecordedFile[],
    failure: row.failure === null ? null : failureFrom(row.failure),
    requestDigest: row.request_digest,
    answer: row.answer === null ? null : (JSON.parse(row.answer) as UploadAnswer),
  };
}

/** Rows of earlier versions have no kind. */
function failureFrom(text: string): UploadFailure {
  const {
    code,
    kind = 'Unknown',
    message,
  } = JSON.parse(text) as Partial<UploadFailure> & // written by `ending`
    Omit<UploadFailure, 'kind'>;
  return { code, kind, message };
}
