import type { S3Client } from '@aws-sdk/client-s3';
import type { S3Dialect } from './s3-dialect.js';
import type { S3PlainRequests } from './s3-plain-requests.js';
import type { S3Timing } from './s3-timing.js';
import type { S3Software } from './s3-software.js';

/** One bucket, reached by one connection. */
export interface S3Store {
  readonly client: S3Client;
  /** The same connection, for small requests that are many. */
  readonly plain: S3PlainRequests;
  /** The same connection over sockets of its own, for bodies that are read at the reader's speed. */
  readonly downloads: S3Client;
  /** Signs URLs for the endpoint that their clients reach. Sends nothing. */
  readonly presigning: S3Client;
  readonly bucket: string;
  /** Its URL. */
  readonly endpoint: string;
  /** It is read without keys. */
  readonly isAnonymous: boolean;
  readonly software: S3Software;
  readonly dialect: S3Dialect;
  readonly timing: S3Timing;
}

/** The SDK tells an absent signal from an undefined one. */
export function withSignal(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
