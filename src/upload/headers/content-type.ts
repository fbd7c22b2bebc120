import { RequestError } from '../../http/request/request-error.js';

/** Limited to what stores accept: length, and printable characters, because stores and downloads show it. */
const CONTENT_TYPE = /^[\x20-\x7e]{1,255}$/;

/** Returns the declared type of a file; undefined if absent. @throws RequestError of kind `MalformedHeader`. */
export function contentTypeFrom(header: string | undefined): string | undefined {
  const type = header?.trim().replaceAll('\t', ' ') ?? '';
  if (type === '') return undefined;
  if (CONTENT_TYPE.test(type)) return type;
  throw new RequestError('MalformedHeader', 'The header content-type is too long, or is not ASCII.');
}
