import { RE2JS } from 're2js';
import { messageOf } from './message-of.js';

/** Maximum length in characters of a client's pattern, regular or LIKE. */
export const MAX_PATTERN_LENGTH = 1000;
/** Bounds a match, which costs at most the compiled size times the text's length: the engine does not backtrack. */
const MAX_COMPILED_SIZE = 2000;

/** Result of compiling a client's regular expression. */
export type BoundedExpression =
  | { readonly kind: 'compiled'; readonly expression: RE2JS }
  | { readonly kind: 'malformed'; readonly reason: string }
  | { readonly kind: 'too-complex' };

/** @param source of no more than `MAX_PATTERN_LENGTH` characters, in RE2's syntax. */
export function boundedExpression(source: string): BoundedExpression {
  try {
    const expression = RE2JS.compile(source);
    const isTooComplex = expression.programSize() > MAX_COMPILED_SIZE;
    return isTooComplex ? { kind: 'too-complex' } : { kind: 'compiled', expression };
  } catch (error) {
    return { kind: 'malformed', reason: messageOf(error) };
  }
}
