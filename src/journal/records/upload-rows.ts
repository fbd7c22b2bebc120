import type { RecordedFile } from './upload-record.js';
import type {
  UploadAnswer,
  UploadFailure,
  UploadState,
  UploadStatus,
  UploadSummary,
} from './upload-state.js';

export const SUMMARY_COLUMNS =
  'id, user_name, stage_name, state, started_at, ended_at, received_bytes, expected_bytes, failure';

export interface SummaryRow {
  readonly id: string;
  readonly user_name: string;
  readonly stage_name: string;
  readonly state: UploadState;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly received_bytes: number;
  readonly expected_bytes: number | null;
  readonly failure: string | null;
}

export const UPLOAD_COLUMNS = `${SUMMARY_COLUMNS}, process_id, user_id, files, request_digest, answer`;

export interface UploadRow extends SummaryRow {
  readonly process_id: string;
  readonly user_id: string;
  readonly files: string;
  readonly request_digest: string | null;
  readonly answer: string | null;
}

export function summaryOf(row: SummaryRow): UploadSummary {
  return {
    id: row.id,
    userName: row.user_name,
    stageName: row.stage_name,
    state: row.state,
    startedAt: new Date(row.started_at),
    endedAt: row.ended_at === null ? null : new Date(row.ended_at),
    receivedBytes: row.received_bytes,
    expectedBytes: row.expected_bytes,
    failure: row.failure === null ? null : failureFrom(row.failure),
  };
}

export function statusOf(row: UploadRow): UploadStatus {
  return {
    ...summaryOf(row),
    processId: row.process_id,
    userId: row.user_id,
    files: filesFrom(row.files),
    requestDigest: row.request_digest,
    answer: row.answer === null ? null : (JSON.parse(row.answer) as UploadAnswer), // written by `ending`
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

/** Rows of earlier versions have no ETags. */
function filesFrom(text: string): readonly RecordedFile[] {
  const files = JSON.parse(text) as (Omit<RecordedFile, 'etag'> & Partial<RecordedFile>)[]; // written by `beginning` and `ending`
  return files.map((file) => ({ ...file, etag: file.etag ?? null }));
}
