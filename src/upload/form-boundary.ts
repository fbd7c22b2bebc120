import { UploadError } from './upload-error.js';

const TYPE = /^\s*multipart\/form-data\s*(?=;|$)/i;
/** A parameter (RFC 9110 5.6.6), its value as a token or quoted. */
const PARAMETER = /\s*;\s*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]+)))?/y;
/** RFC 2046 5.1.1, without the limit of 70 characters. */
const BOUNDARY = /^[\w'()+,./:=? -]*[\w'()+,./:=?-]$/;

/**
 * The boundary of a form. The whole header must be well-formed: two readers of a sloppy one could find different boundaries
 * in it.
 *
 * @throws UploadError, in Databend's words where it has some, unless this is a form with a boundary.
 */
export function formBoundary(contentType: string | undefined): string {
  if (contentType === undefined) {
    throw new UploadError('NotMultipart', 'expect content type `multipart/form-data`');
  }
  const type = TYPE.exec(contentType);
  if (type === null) {
    const got = contentType.slice(0, 100);
    throw new UploadError('NotMultipart', `invalid content type \`${got}\`, expect: \`multipart/form-data\``);
  }
  const boundaries = parametersOf(contentType, type[0].length).filter(([name]) => name === 'boundary');
  const [, boundary] = boundaries[0] ?? [];
  if (boundary === undefined) {
    throw new UploadError('NoBoundary', 'parse: multipart boundary not found in Content-Type');
  }
  if (boundaries.length > 1 || !BOUNDARY.test(boundary)) throw malformed();
  return boundary;
}

function parametersOf(header: string, from: number): readonly (readonly [name: string, value: string])[] {
  const parameters: (readonly [string, string])[] = [];
  for (let at = from; at < header.trimEnd().length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(header);
    if (match === null) throw malformed();
    const [, name, quoted, bare = ''] = match;
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    if (name !== undefined) parameters.push([name.toLowerCase(), value]);
  }
  return parameters;
}

function malformed(): UploadError {
  return new UploadError(
    'MalformedHeader',
    'The Content-Type of the form is malformed: write it as in multipart/form-data; boundary=abc.',
  );
}
