import { trimBlanks } from '../../common/trim-blanks.js';

/** A parameter (RFC 9110 5.6.6), its value as a token or quoted; one that is empty is allowed. */
const PARAMETER = /[ \t]*;[ \t]*(?:([!#$%&'*+.^_`|~\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~\w-]+)))?/y;

export type HeaderParameter = readonly [name: string, value: string];

/**
 * The parameters of a header's value, in their order; names in lower case, values without quotes.
 *
 * @param from where the first one's semicolon is, or white space before it.
 * @returns undefined where the value is malformed: two readers of it could find different parameters.
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
