import type { AuditAction } from '../../audit/events/audit-action.js';
import type { AuditActor, AuditedStage, AuditEvent } from '../../audit/events/audit-event.js';
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

/** State of an upload, without its files. */
export interface UploadSummary {
  readonly id: string;
  readonly userName: string;
  readonly stageName: string;
  readonly state: UploadState;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** Of the request's body. Of a running upload, as of a few seconds ago. */
  readonly receivedBytes: number;
  readonly expectedBytes: number | null;
  readonly failure: UploadFailure | null;
}

/** State of an upload. */
export interface UploadStatus extends UploadSummary {
  readonly processId: string;
  readonly userId: string;
  readonly files: readonly RecordedFile[];
  /** Present for an upload that can be repeated. */
  readonly requestDigest: string | null;
  readonly answer: UploadAnswer | null;
}

/** The body of a request on its way. */
export interface BodyProgress {
  /** The declared length; null if there is none. */
  readonly expectedBytes: number | null;
  readonly receivedBytes: () => number;
}

/** An upload as the audit tells of each of its files. */
export interface AuditedUpload {
  readonly action: AuditAction;
  readonly actor: AuditActor;
  readonly stage: AuditedStage;
  readonly detail?: AuditEvent['detail'];
}

/** A new upload. */
export interface NewUpload {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly stageName: string;
  readonly startedAt: Date;
  readonly body: BodyProgress;
  /** Key by which its client can repeat it. */
  readonly repeatable?: { readonly key: string; readonly requestDigest: string } | undefined;
}

/** A new upload that the audit tells of. */
export interface TrackedUpload extends NewUpload {
  readonly audited: AuditedUpload;
}
