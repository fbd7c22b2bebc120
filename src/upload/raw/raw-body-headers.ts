import type { IncomingHttpHeaders } from 'node:http';
import { UploadError } from '../upload-error.js';

/** As long as a store takes one, and printable: it is told to the store and to whoever fetches the file. */
const CONTENT_TYPE = /^[\x20-\x7e]{1,255}$/;

/**
 * Refuses a body that is not the file itself: it would be stored as if it were, and nobody would notice before somebody
 * reads it.
 *
 * @throws UploadError that says how to send the file.
 */
export function refuseWhatIsNoFile(headers: IncomingHttpHeaders): void {
  if (/^\s*multipart\/form-data\b/i.test(headers['content-type'] ?? '')) {
    throw new UploadError(
      'FormInsteadOfFile',
      'Send the file itself, not a form around it: with curl, -T file (--upload-file) instead of -F. ' +
        'Forms are for /v1/upload_to_stage.',
    );
  }
  const encoding = headers['content-encoding']?.trim() ?? '';
  if (!/^(identity)?$/i.test(encoding)) {
    throw new UploadError(
      'EncodedBody',
      'Send the file without Content-Encoding: it would be stored encoded, under a name that does not say so. ' +
        'To store a compressed file, leave the header out and name the file for what it is, as in data.csv.gz.',
    );
  }
  if (headers['content-range'] !== undefined) {
    throw new UploadError(
      'PartialBody',
      'Send the whole file, without Content-Range: uploads are not resumed.',
    );
  }
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new UploadError(
      'NoBody',
      'The request has no body: with curl, send the file by -T file (--upload-file). ' +
        'For an empty file say Content-Length: 0.',
    );
  }
}

/** @throws UploadError of kind `MalformedHeader`. */
export function contentTypeOf(headers: IncomingHttpHeaders): string | undefined {
  const type = headers['content-type']?.trim() ?? '';
  if (type === '') return undefined;
  if (CONTENT_TYPE.test(type)) return type;
  throw new UploadError('MalformedHeader', 'The header content-type is too long, or is not ASCII.');
}
