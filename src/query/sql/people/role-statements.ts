import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { acceptIfExists, acceptIfNotExists } from '../stage-statements.js';
import { expectRole } from './names.js';

/** Parses what follows `CREATE ROLE`. */
export function parseCreateRole(tokens: TokenStream): Statement {
  const ifNotExists = acceptIfNotExists(tokens, false);
  const name = expectRole(tokens);
  const comment = tokens.acceptWord('COMMENT') === undefined ? undefined : parseComment(tokens);
  return { kind: 'create-role', name, ifNotExists, comment };
}

/** Parses what follows `ALTER ROLE`. */
export function parseAlterRole(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  const name = expectRole(tokens);
  const verb = tokens.expectWord('SET', 'UNSET');
  tokens.expectWord('COMMENT');
  return { kind: 'alter-role', name, ifExists, comment: verb === 'SET' ? parseComment(tokens) : null };
}

/** Parses `= '…'`. */
function parseComment(tokens: TokenStream): string {
  tokens.expectSymbol('=');
  return tokens.expectString();
}

/** Parses what follows `DROP ROLE`. */
export function parseDropRole(tokens: TokenStream): Statement {
  const ifExists = acceptIfExists(tokens);
  return { kind: 'drop-role', name: expectRole(tokens), ifExists };
}
