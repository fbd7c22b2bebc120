/** How long a store may keep silent, in milliseconds. */
export interface S3Timing {
  /** Until a connection stands. */
  readonly connectMs: number;
  /** Without a byte on a connection that stands: before an answer, and in the middle of a body. */
  readonly silenceMs: number;
  /** So long after a request has begun, it may be tried again. */
  readonly retryMs: number;
}

const MAX_CONNECT_MS = 3_000;

/** A last attempt that begins as late as it may, and hears nothing, ends when `timeoutMs` are over. */
export function s3Timing(timeoutMs: number): S3Timing {
  const retryMs = Math.ceil(timeoutMs / 3);
  return { connectMs: Math.min(MAX_CONNECT_MS, retryMs), silenceMs: timeoutMs - retryMs, retryMs };
}
