import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';
import { fileConditions } from '../../stages/files/conditions/file-conditions.js';
import type { UploadCondition } from '../files/file-upload.js';

/**
 * Parses the condition of an upload (RFC 9110 13). Conditions that stores support have kinds of their own; all others
 * are compared with the file that exists when the upload begins.
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

/**
 * Rejects conditions on a form: it may contain many files, and its URL names none of them.
 *
 * @throws RequestError of kind `MalformedHeader`.
 */
export function assertNoFormConditions(headers: IncomingHttpHeaders): void {
  if (uploadCondition(headers) === undefined) return;
  throw new RequestError(
    'MalformedHeader',
    'If-Match, If-None-Match and If-Unmodified-Since are not kept for forms: say x-stagedoor-overwrite: fail, ' +
      'or send the file by itself to its own URL, /v1/stages/{name}/files/{path}.',
  );
}
