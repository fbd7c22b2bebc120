import type { IncomingHttpHeaders } from 'node:http';
import { RequestError } from '../../http/request/request-error.js';
import type { UploadCondition } from '../files/file-upload.js';
import { OVERWRITE_POLICIES, type OverwritePolicy } from '../files/overwrite-policy.js';
import { UploadError } from '../upload-error.js';

const HEADER = 'x-stagedoor-overwrite';

/**
 * What an upload does where a file of its name is there: `overwrite` unless the header says otherwise.
 *
 * @throws RequestError where it says what is not known, UploadError where it contradicts a condition.
 */
export function overwritePolicy(headers: IncomingHttpHeaders, condition?: UploadCondition): OverwritePolicy {
  const value = headers[HEADER];
  if (value === undefined) return 'overwrite';
  const text = String(value).trim().toLowerCase();
  const policy = OVERWRITE_POLICIES.find((known) => known === text);
  if (policy === undefined) {
    const known = OVERWRITE_POLICIES.join(', ');
    throw new RequestError('MalformedHeader', `The header ${HEADER} may be one of ${known}.`);
  }
  if (condition !== undefined && policy !== 'overwrite') {
    throw new UploadError(
      'ConflictingHeaders',
      `If-Match and If-None-Match say already what may be replaced: send them or ${HEADER}.`,
    );
  }
  return policy;
}
