import type { IncomingHttpHeaders } from 'node:http';
import type { UploadCondition } from '../files/file-upload.js';
import { UploadError } from '../upload-error.js';

/** RFC 9110 8.8.3, with the bytes above ASCII that Node gives as Latin-1. */
const ENTITY_TAG = /^(W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;

/**
 * The condition of an upload, from its headers (RFC 9110 13): `If-None-Match: *`, or `If-Match` with one ETag or `*`.
 * What this service cannot keep is refused: an upload whose condition is ignored would destroy what it was to protect.
 *
 * @throws UploadError of kind `MalformedHeader`.
 */
export function uploadCondition(headers: IncomingHttpHeaders): UploadCondition | undefined {
  const ifMatch = headers['if-match']?.trim();
  const ifNoneMatch = headers['if-none-match']?.trim();
  if (headers['if-unmodified-since'] !== undefined) {
    throw malformed("If-Unmodified-Since is not kept for uploads: send If-Match with the file's ETag.");
  }
  if (ifMatch !== undefined && ifNoneMatch !== undefined) {
    throw malformed('If-Match and If-None-Match cannot both hold: send one of them.');
  }
  if (ifNoneMatch !== undefined) return absence(ifNoneMatch);
  return ifMatch === undefined ? undefined : presence(ifMatch);
}

function absence(value: string): UploadCondition {
  if (value === '*') return { kind: 'absent' };
  throw malformed('If-None-Match of an upload may only be *, which refuses to replace a file.');
}

/** A weak tag is taken and matches nothing, as RFC 9110 13.1.1 has it. */
function presence(value: string): UploadCondition {
  if (value === '*') return { kind: 'present' };
  if (ENTITY_TAG.test(value)) return { kind: 'etag', etag: value };
  throw malformed('If-Match of an upload may be * or one ETag in double quotes, as a download gives it.');
}

function malformed(message: string): UploadError {
  return new UploadError('MalformedHeader', message);
}
