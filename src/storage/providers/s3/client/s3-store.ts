import type { S3Client } from '@aws-sdk/client-s3';
import type { S3PlainRequests } from './s3-plain-requests.js';
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
  readonly software: S3Software;
}

/** The SDK tells an absent signal from an undefined one. */
export function withSignal(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}
