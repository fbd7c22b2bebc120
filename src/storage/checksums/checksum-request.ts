import type { ChecksumAlgorithm, Checksums } from '../contract/checksums.js';

/** What a checksum thread is asked for; it answers each request, in their order. */
export type ChecksumRequest = { readonly request: number; readonly content: number } & (
  | { readonly kind: 'open'; readonly algorithms: readonly ChecksumAlgorithm[] }
  /** Reads an open file from one position up to another. */
  | { readonly kind: 'file'; readonly fd: number; readonly from: number; readonly to: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'result' }
  | { readonly kind: 'close' }
);

export interface ChecksumReply {
  readonly request: number;
  readonly checksums?: Checksums;
  /** Why it was not done. */
  readonly error?: Error;
}
