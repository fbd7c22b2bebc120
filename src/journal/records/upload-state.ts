import type { RecordedFile } from './upload-record.js';

export type UploadState = 'RUNNING' | 'SUCCESS' | 'FAILED';

/** Why an upload has failed, as its answer said it. */
export interface UploadFailure {
  /** Databend's number, or the HTTP status. */
  readonly code: number;
  /** Why, in the word that its answer had. */
  readonly kind: string;
  readonly message: string;
}

/** An answer as it was given, and is given again to who repeats the request. */
export interface UploadAnswer {
  /** HTTP. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

/** What became of an upload. */
export interface UploadStatus {
  readonly id: string;
  readonly processId: string;
  readonly userName: string;
  readonly stageName: string;
  readonly state: UploadState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly files: readonly RecordedFile[];
  readonly failure: UploadFailure | null;
  /** Of an upload that can be repeated. */
  readonly requestDigest: string | null;
  readonly answer: UploadAnswer | null;
}

/** An upload that begins. */
export interface NewUpload {
  readonly id: string;
  readonly userName: string;
  readonly stageName: string;
  readonly startedAt: Date;
  /** By which its sender can repeat it. */
  readonly repeatable?: { readonly key: string; readonly requestDigest: string } | undefined;
}
