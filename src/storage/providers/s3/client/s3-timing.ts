/** Timeouts of a store, in milliseconds. */
export interface S3Timing {
  /** The longest time until a connection is established. */
  readonly connectMs: number;
  /** The longest time without a byte on an established connection: before an answer, and within a body. */
  readonly silenceMs: number;
  /** The time after the start of a request in which it may be retried. */
  readonly retryMs: number;
}

const MAX_CONNECT_MS = 3_000;

/** Divides `timeoutMs` so that a silent last attempt, begun as late as possible, ends in time. */
export function s3Timing(timeoutMs: number): S3Timing {
  const retryMs = Math.ceil(timeoutMs / 3);
  return { connectMs: Math.min(MAX_CONNECT_MS, retryMs), silenceMs: timeoutMs - retryMs, retryMs };
}
