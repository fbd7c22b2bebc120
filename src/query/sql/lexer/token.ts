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
  /** Text that is not a token. The lexer reads nothing after it. */
  | 'invalid'
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** The problem of an `invalid` token. */
  readonly problem: string | undefined;
}
