import type { RecordedFile } from './upload-record.js';

export type UploadState = 'RUNNING' | 'SUCCESS' | 'FAILED';

/** Why an upload failed, as in its answer. */
export interface UploadFailure {
  /** Databend's number, or the HTTP status. */
  readonly code: number;
  /** The kind in its answer. */
  readonly kind: string;
  readonly message: string;
}

/** An answer as sent, to send again for a repeated request. */
export interface UploadAnswer {
  /** HTTP. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** State of an upload. */
export interface UploadStatus {
  readonly id: string;
  readonly processId: string;
  readonly userId: string;
  readonly userName: string;
  readonly stageName: string;
  readonly state: UploadState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly files: readonly RecordedFile[];
  readonly failure: UploadFailure | null;
  /** Present for an upload that can be repeated. */
  readonly requestDigest: string | null;
  readonly answer: UploadAnswer | null;
}

/** A new upload. */
export interface NewUpload {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly stageName: string;
  readonly startedAt: Date;
  /** Key by which its client can repeat it. */
  readonly repeatable?: { readonly key: string; readonly requestDigest: string } | undefined;
}
