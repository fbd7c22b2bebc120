import { RequestError } from '../../http/request/request-error.js';

/** As long as a store takes one, and printable: it is told to the store and to whoever fetches the file. */
const CONTENT_TYPE = /^[\x20-\x7e]{1,255}$/;

/** The type of a file, as its sender says it; undefined where it says none. @throws RequestError of kind `MalformedHeader`. */
export function contentTypeFrom(header: string | undefined): string | undefined {
  const type = header?.trim().replaceAll('\t', ' ') ?? '';
  if (type === '') return undefined;
  if (CONTENT_TYPE.test(type)) return type;
  throw new RequestError('MalformedHeader', 'The header content-type is too long, or is not ASCII.');
}
