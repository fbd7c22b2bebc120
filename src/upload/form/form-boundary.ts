import { headerParameters } from '../../http/request/header-parameters.js';
import { RequestError } from '../../http/request/request-error.js';
import { UploadError } from '../upload-error.js';

const TYPE = /^[ \t]*multipart\/form-data[ \t]*(?=;|$)/i;
const ADVICE =
  'Send a form, with curl as in -F upload=@file. The file by itself goes to PUT /v1/stages/{name}/files/{path}, as in -T file.';
/** RFC 2046 5.1.1, without the limit of 70 characters. */
const BOUNDARY = /^[\w'()+,./:=? -]*[\w'()+,./:=?-]$/;

/**
 * Parses the boundary of a form. The whole header must be well-formed, because two parsers could read different
 * boundaries in an invalid one.
 *
 * @throws UploadError if this is not a form with a boundary, with Databend's message where it has one; RequestError for
 *   an invalid header.
 */
export function formBoundary(contentType: string | undefined): string {
  if (contentType === undefined) {
    throw new UploadError('NotMultipart', `expect content type \`multipart/form-data\`. ${ADVICE}`);
  }
  const type = TYPE.exec(contentType);
  if (type === null) {
    const got = contentType.slice(0, 100);
    throw new UploadError(
      'NotMultipart',
      `invalid content type \`${got}\`, expect: \`multipart/form-data\`. ${ADVICE}`,
    );
  }
  const parameters = headerParameters(contentType, type[0].length);
  if (parameters === undefined) throw malformed();
  const boundaries = parameters.filter(([name]) => name === 'boundary');
  const [, boundary] = boundaries[0] ?? [];
  if (boundary === undefined) {
    throw new UploadError('NoBoundary', 'parse: multipart boundary not found in Content-Type');
  }
  if (boundaries.length > 1 || !BOUNDARY.test(boundary)) throw malformed();
  return boundary;
}

function malformed(): RequestError {
  return new RequestError(
    'MalformedHeader',
    'The Content-Type of the form is malformed: write it as in multipart/form-data; boundary=abc.',
  );
}
