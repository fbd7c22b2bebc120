import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';
import type { UploadCondition } from '../files/file-upload.js';
import { OVERWRITE_POLICIES, type OverwritePolicy } from '../files/overwrite-policy.js';
import { UploadError } from '../upload-error.js';

const HEADER = 'x-stagedoor-overwrite';

/**
 * Parses the behaviour for an existing file of the name: `overwrite` by default.
 *
 * @throws RequestError for an unknown value, UploadError if it contradicts a condition.
 */
export function overwritePolicy(headers: IncomingHttpHeaders, condition?: UploadCondition): OverwritePolicy {
  const value = headers[HEADER];
  if (value === undefined) return 'overwrite';
  const text = String(value).trim().toLowerCase();
  const policy = OVERWRITE_POLICIES.find((candidate) => candidate === text);
  if (policy === undefined) {
    const supported = OVERWRITE_POLICIES.join(', ');
    throw new RequestError('MalformedHeader', `The header ${HEADER} may be one of ${supported}.`);
  }
  if (condition !== undefined && policy !== 'overwrite') {
    throw new UploadError(
      'ConflictingHeaders',
      `If-Match and If-None-Match say already what may be replaced: send them or ${HEADER}.`,
    );
  }
  return policy;
}
