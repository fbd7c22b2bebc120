import type { IncomingHttpHeaders } from 'node:http';
import { codingOf } from '../../http/request/content-coding.js';
import { encodedBody, assertWholeFile, UploadError } from '../upload-error.js';

/**
 * Rejects a body that is not the file itself, because it would be stored as the file, unnoticed until somebody reads
 * it.
 *
 * @throws UploadError that tells how to send the file.
 */
export function assertFileBody(headers: IncomingHttpHeaders): void {
  if (/^\s*multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    throw new UploadError(
      'FormInsteadOfFile',
      'Send the file itself, not a form around it: with curl, -T file (--upload-file) instead of -F. ' +
        'Forms are for /v1/upload_to_stage.',
    );
  }
  const coding = codingOf(headers);
  if (coding !== undefined) throw encodedBody(coding);
  assertWholeFile(headers['content-range']);
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new UploadError(
      'NoBody',
      'The request has no body: with curl, send the file by -T file (--upload-file). ' +
        'For an empty file say Content-Length: 0.',
    );
  }
}
