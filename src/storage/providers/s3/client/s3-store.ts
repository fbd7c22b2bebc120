import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Dialect } from './s3-dialect.js';
import type { S3PlainRequests } from './s3-plain-requests.js';
import type { S3Timing } from './s3-timing.js';
import type { S3Software } from './s3-software.js';

/** One bucket, reached by one connection. */
export interface S3Store {
  readonly client: S3Client;
  /** Requests without the SDK, for the many small ones. */
  readonly plain: Pick<S3PlainRequests, 'send'>;
  /** A client with separate sockets, for bodies that are read at the reader's speed. */
  readonly downloads: S3Client;
  /** Signs URLs for the endpoint of their clients. Sends no request. */
  readonly presigning: S3Client;
  readonly bucket: string;
  /** The URL of the store. */
  readonly endpoint: string;
  /** Is the bucket read without keys? */
  readonly isAnonymous: boolean;
  readonly software: S3Software;
  readonly dialect: S3Dialect;
  readonly timing: S3Timing;
}

/** Omits an undefined signal, which the SDK does not treat as an absent one. */
export function withSignal(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
