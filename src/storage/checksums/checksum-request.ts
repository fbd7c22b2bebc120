import type { ChecksumAlgorithm, Checksums } from '../contract/checksums.js';
import type { RequestClient } from '../../runtime/local-client.js';

/** A request to a checksum thread. */
export type ChecksumRequest = { readonly content: number } & (
  | { readonly kind: 'open'; readonly algorithms: readonly ChecksumAlgorithm[] }
  /** Reads an open file from one position up to another. */
  | { readonly kind: 'file'; readonly fd: number; readonly from: number; readonly to: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'result' }
  | { readonly kind: 'close' }
);

/** Only `result` has a reply. */
export type ChecksumThread = RequestClient<ChecksumRequest, Checksums | undefined>;
