import type { Expression } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';

/** Parses the name of a type. @returns it as a string literal in lower case: `decimal(10,2)`. */
export function parseTypeName(tokens: TokenStream): Expression {
  const { start } = tokens.peek();
  if (tokens.acceptPlainName('a type') === undefined) tokens.fail();
  if (tokens.isSymbol('(')) skipParameters(tokens);
  const span = { start, end: tokens.endOfPrevious };
  return { kind: 'literal', value: tokens.sql.slice(start, span.end).toLowerCase(), span };
}

function skipParameters(tokens: TokenStream): void {
  let open = 0;
  do {
    if (tokens.isSymbol('(')) open++;
    else if (tokens.isSymbol(')')) open--;
    else if (!['word', 'number'].includes(tokens.peek().kind) && !tokens.isSymbol(',')) tokens.fail();
    tokens.take();
  } while (open > 0);
}
