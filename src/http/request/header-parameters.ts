import { trimBlanks } from '../../common/trim-blanks.js';

/** A parameter (RFC 9110 5.6.6) with a token or a quoted string as its value; empty parameters are allowed. */
const PARAMETER = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]+)))?/y;

export type HeaderParameter = readonly [name: string, value: string];

/**
 * Parses the parameters of a header, in order; names in lower case, values without quotes.
 *
 * @param from position of the first semicolon, or of white space before it.
 * @returns undefined for a malformed header: two parsers could read different parameters.
 */
export function headerParameters(header: string, from: number): readonly HeaderParameter[] | undefined {
  const parameters: HeaderParameter[] = [];
  const text = trimBlanks(header.slice(from));
  for (let at = 0; at < text.length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const match = PARAMETER.exec(text);
    if (match === null) return undefined;
    const [, name, quoted, bare = ''] = match;
    if (name !== undefined) parameters.push([name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare]);
  }
  return parameters;
}
