import type { Span } from '../ast.js';

export type TokenKind =
  /** An unquoted identifier or keyword. */
  | 'word'
  /** `"x"` or `` `x` ``: always an identifier. */
  | 'quoted'
  /** `'x'` */
  | 'string'
  | 'number'
  /** `@stage/path` */
  | 'location'
  /** An operator or a punctuation mark. */
  | 'symbol'
  /** What belongs to no token; nothing is read behind it. */
  | 'invalid'
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** What is wrong with an `invalid` one. */
  readonly problem: string | undefined;
}
