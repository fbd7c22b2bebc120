import type { TestMinio } from '../../acceptance/support/test-minio.js';

export interface ShutdownOptions {
  readonly minio?: TestMinio | undefined;
  readonly graceSeconds: number;
  /** So many of the ten uploads go on when the signal has been sent; the others trickle. */
  readonly goOn: number;
  /** A second signal so long after the first. */
  readonly secondSignalMs?: number;
}

export interface ShutdownResult {
  /** How many traces of uploads the store had before the signal. */
  readonly unfinished: number;
  /** The status of each during the grace, null without an answer. */
  readonly ready: number | null;
  readonly newUpload: number | null;
  readonly uploads: readonly EndedUpload[];
  readonly orphans: readonly string[];
  readonly exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly seconds: number;
}

export interface EndedUpload {
  /** 'refused' is an error in JSON, 'closed' no whole answer. */
  readonly outcome: 'whole' | 'refused' | 'closed' | 'wrong';
  readonly status?: number;
  readonly stored: 'new' | 'previous' | 'absent' | 'other';
}

/** Sends SIGTERM to a server when ten uploads are half sent: what came of it. */
export function terminateAmidUploads(options: ShutdownOptions): Promise<ShutdownResult>;
