import type { Quota } from '../access/quota.js';
import { AppError } from '../common/app-error.js';

/** Why something was refused because of a quota. */
export type QuotaErrorKind =
  /** A file has no room in its stage. */
  | 'QuotaExceeded'
  /** A quota would be below what is used. */
  | 'QuotaBelowUse'
  /** External stages have no quotas. */
  | 'NoQuota';

/** A quota, and what is left of it. Null for what has no limit. */
export interface QuotaLeft extends Quota {
  readonly leftBytes: number | null;
  readonly leftFiles: number | null;
}

export class QuotaError extends AppError<QuotaErrorKind> {
  /** For the answer. */
  readonly left: QuotaLeft | undefined;

  constructor(kind: QuotaErrorKind, message: string, left?: QuotaLeft) {
    super(kind, message);
    this.left = left;
  }
}

/** @param bytes of the file, as far as they are known. */
export function quotaExceeded(left: QuotaLeft, bytes: number): QuotaError {
  const { maxBytes, maxFiles, leftBytes, leftFiles } = left;
  const isFull = maxFiles !== null && leftFiles === 0;
  const limit = isFull
    ? `The stage may hold ${String(maxFiles)} files, and has no room for another one`
    : `The stage may hold ${String(maxBytes)} bytes, and has room for ${String(leftBytes)} more: the file has ${String(bytes)} or more`;
  return new QuotaError(
    'QuotaExceeded',
    `${limit}. Nothing of the file was stored. Remove files, or ask an administrator for a larger quota.`,
    left,
  );
}
