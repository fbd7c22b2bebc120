import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';
import { fileConditions } from '../../stages/files/conditions/file-conditions.js';
import type { UploadCondition } from '../files/file-upload.js';

/**
 * The condition of an upload, from its headers (RFC 9110 13). What a store keeps by itself is told by its own kind; all
 * else is compared with the file that is there when the upload begins.
 *
 * @throws RequestError of kind `MalformedHeader`.
 */
export function uploadCondition(headers: IncomingHttpHeaders): UploadCondition | undefined {
  const conditions = fileConditions(headers);
  if (conditions === undefined) return undefined;
  const { ifMatch, ifNoneMatch, ifUnmodifiedSince } = conditions;
  if (ifMatch === undefined && ifNoneMatch === undefined && ifUnmodifiedSince === undefined) return undefined;
  if (ifMatch === undefined && ifUnmodifiedSince === undefined && ifNoneMatch === '*')
    return { kind: 'absent' };
  if (ifMatch !== undefined && ifNoneMatch === undefined) {
    if (ifMatch === '*') return { kind: 'present' };
    const [etag, ...others] = ifMatch;
    if (etag !== undefined && others.length === 0) return { kind: 'etag', etag };
  }
  return { kind: 'conditions', conditions };
}

/** A form may bring many files, and none of them is what its URL names. @throws RequestError of kind `MalformedHeader`. */
export function refuseConditionsOfForm(headers: IncomingHttpHeaders): void {
  if (uploadCondition(headers) === undefined) return;
  throw new RequestError(
    'MalformedHeader',
    'If-Match, If-None-Match and If-Unmodified-Since are not kept for forms: say x-stagedoor-overwrite: fail, ' +
      'or send the file by itself to its own URL, /v1/stages/{name}/files/{path}.',
  );
}
