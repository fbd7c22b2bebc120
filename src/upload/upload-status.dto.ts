import { z } from 'zod';
import { pageLimit } from '../http/request/page-limit.js';
import type { UploadListQuery, UploadPage } from '../journal/records/upload-list.js';
import type { RecordedFile } from '../journal/records/upload-record.js';
import type {
  UploadFailure,
  UploadState,
  UploadStatus,
  UploadSummary,
} from '../journal/records/upload-state.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Query of `GET /v1/uploads`. */
export const LIST_UPLOADS = z.strictObject({
  all: z.enum(['true', 'false']).optional(),
  state: z.enum(['RUNNING', 'SUCCESS', 'FAILED']).optional(),
  idempotency_key: z.string().optional(),
  cursor: z.string().optional(),
  limit: pageLimit(MAX_LIMIT).optional(),
});

export type ListUploadsQuery = z.output<typeof LIST_UPLOADS>;

export function uploadListQueryFrom(query: ListUploadsQuery): UploadListQuery {
  return {
    all: query.all === 'true',
    state: query.state,
    idempotencyKey: query.idempotency_key,
    cursor: query.cursor,
    limit: query.limit ?? DEFAULT_LIMIT,
  };
}

/** An upload as a list shows it: without its files, which may be many. */
export interface UploadSummaryView {
  readonly id: string;
  readonly stage_name: string;
  readonly user: string;
  readonly state: UploadState;
  /** ISO 8601 in UTC, as all times. */
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly received_bytes: number;
  readonly expected_bytes: number | null;
  readonly error: UploadFailure | null;
}

export interface UploadStatusView extends UploadSummaryView {
  readonly files: readonly RecordedFile[];
}

export interface UploadPageView {
  readonly uploads: readonly UploadSummaryView[];
  readonly next_cursor: string | null;
}

export function uploadStatusView(status: UploadStatus): UploadStatusView {
  const { error, ...summary } = summaryView(status);
  return { ...summary, files: status.files, error };
}

export function uploadPageView({ uploads, nextCursor }: UploadPage): UploadPageView {
  return { uploads: uploads.map(summaryView), next_cursor: nextCursor };
}

function summaryView(summary: UploadSummary): UploadSummaryView {
  return {
    id: summary.id,
    stage_name: summary.stageName,
    user: summary.userName,
    state: summary.state,
    started_at: summary.startedAt.toISOString(),
    ended_at: summary.endedAt?.toISOString() ?? null,
    received_bytes: summary.receivedBytes,
    expected_bytes: summary.expectedBytes,
    error: summary.failure,
  };
}
