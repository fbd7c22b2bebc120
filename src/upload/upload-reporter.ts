import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Response } from 'express';
import { AppError } from '../common/app-error.js';
import { ERROR_CODES, type ErrorCodes } from '../common/error-codes.js';
import { STAGE_KINDS, tellLog, type StageKind } from '../http/request/request-facts.js';
import { REQUEST_ID_HEADER } from '../http/request/request-id-header.js';
import type { UploadFailure } from '../journal/records/upload-state.js';
import type { CounterFamily, HistogramFamily } from '../metrics/families.js';
import { LONG_SECONDS, Metrics } from '../metrics/metrics.js';
import type { StoredFile } from './files/file-consumer.js';
import { PartialUploadError } from './upload-error.js';

/** `rejected`: its client's mistake. `left`: its client has disconnected. `failed`: everything else. */
const OUTCOMES = ['stored', 'repeated', 'rejected', 'left', 'failed'] as const;
/** As in the error table: the client disconnected. */
const CLIENT_LEFT = 499;

/** An upload that was admitted. */
export interface AdmittedUpload {
  readonly id: string;
  readonly stage: { readonly name: string; readonly kind: StageKind };
  /** Name of the user. */
  readonly user: string;
  /** `performance.now()` */
  readonly startedAt: number;
  readonly response: Response;
}

/** Reports the end of each upload that was admitted: in the log, and in the metrics. */
@Injectable()
export class UploadReporter {
  readonly #logger = new Logger('Upload');
  readonly #counts: CounterFamily;
  readonly #files: CounterFamily;
  readonly #bytes: CounterFamily;
  readonly #seconds: HistogramFamily;

  constructor(
    @Inject(ERROR_CODES) private readonly codes: ErrorCodes,
    metrics: Metrics,
  ) {
    const stage_kind = STAGE_KINDS;
    this.#counts = metrics.counters('stagedoor_uploads_total', 'Admitted uploads that have ended', {
      stage_kind,
      outcome: OUTCOMES,
    });
    const files = 'Files that uploads have stored';
    this.#files = metrics.counters('stagedoor_upload_files_total', files, { stage_kind });
    const bytes = 'Bytes of the files that uploads have stored';
    this.#bytes = metrics.counters('stagedoor_upload_bytes_total', bytes, { stage_kind });
    this.#seconds = metrics.histograms(
      'stagedoor_upload_duration_seconds',
      'Time of uploads that were stored, from their admission to their answer',
      { labels: { stage_kind }, buckets: LONG_SECONDS },
    );
  }

  stored(upload: AdmittedUpload, stored: readonly StoredFile[]): void {
    this.#ended(upload, 'stored', stored);
    this.#seconds.child(upload.stage.kind).observe((performance.now() - upload.startedAt) / 1000);
    this.#tellLog(upload, { ...totalOf(stored), ended: 'stored' });
  }

  repeated(upload: AdmittedUpload): void {
    this.#ended(upload, 'repeated', []);
    this.#tellLog(upload, { ended: 'repeated' });
  }

  /** @returns the failure for the upload's record. */
  failed(upload: AdmittedUpload, error: unknown, stored: readonly StoredFile[]): UploadFailure {
    const { status, ...failure } = this.#failureOf(error);
    const outcome = status === CLIENT_LEFT ? 'left' : status < 500 ? 'rejected' : 'failed';
    this.#ended(upload, outcome, stored);
    this.#tellLog(upload, { ...totalOf(stored), ended: failure.kind });
    return failure;
  }

  #ended({ stage }: AdmittedUpload, outcome: string, stored: readonly StoredFile[]): void {
    this.#counts.child(stage.kind, outcome).inc();
    const { files, bytes } = written(stored);
    if (files === 0) return;
    this.#files.child(stage.kind).inc(files);
    this.#bytes.child(stage.kind).inc(bytes);
  }

  /** Adds the upload to the line of its request, or writes a line where that one was written: its client has left. */
  #tellLog({ id, stage, user, response }: AdmittedUpload, facts: object): void {
    const upload = { id, stage: stage.name, ...facts };
    tellLog(response, { upload });
    if (!response.closed) return;
    this.#logger.log({ msg: 'upload', reqId: response.getHeader(REQUEST_ID_HEADER), user, upload });
  }

  #failureOf(error: unknown): UploadFailure & { readonly status: number } {
    const cause = error instanceof PartialUploadError ? error.cause : error;
    if (!(cause instanceof AppError)) {
      return { status: 500, code: 500, kind: 'Internal', message: 'The server failed unexpectedly.' };
    }
    const appError: AppError = cause as AppError; // instanceof leaves its kind as any
    const { status, code, kind } = this.codes(appError);
    return { status, code, kind, message: appError.message };
  }
}

/** Totals for the log; skipped files count without their bytes. */
function totalOf(stored: readonly StoredFile[]): { readonly files: number; readonly bytes: number } {
  return { files: stored.length, bytes: written(stored).bytes };
}

/** Totals of the files that were not skipped. */
function written(stored: readonly StoredFile[]): { readonly files: number; readonly bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const { uploaded } of stored) {
    if (uploaded.outcome !== 'stored') continue;
    files++;
    bytes += uploaded.result.size;
  }
  return { files, bytes };
}
