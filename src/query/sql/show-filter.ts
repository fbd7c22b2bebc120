import { MAX_PATTERN_LENGTH } from '../../common/bounded-expression.js';
import type { ShowFilter } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';
import { sqlError } from './messages/sql-snippet.js';
import { ExpressionParser } from './select/expression-parser.js';

/** Parses `[LIKE '…' | WHERE …] [LIMIT n]`. */
export function parseFilter(tokens: TokenStream): ShowFilter {
  const filter = tokens.acceptWord('LIKE', 'WHERE');
  const like = filter === 'LIKE' ? expectPattern(tokens) : undefined;
  const where = filter === 'WHERE' ? new ExpressionParser(tokens).parse() : undefined;
  const limit = tokens.acceptWord('LIMIT') === undefined ? undefined : tokens.expectInteger();
  return { like, where, limit };
}

/** Parses a pattern. Limits its length, because it is matched against every name. */
export function expectPattern(tokens: TokenStream): string {
  const place = tokens.peek();
  const pattern = tokens.expectString();
  if (pattern.length <= MAX_PATTERN_LENGTH) return pattern;
  const message = `the pattern may have at most ${String(MAX_PATTERN_LENGTH)} characters`;
  throw sqlError('Semantic', tokens.sql, place, message);
}
