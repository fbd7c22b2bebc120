import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { expectRole } from './names.js';

/** Accepts `[DEFAULT] ROLE r` and `SECONDARY ROLES …` after SET. Before a symbol each first word is the name of a setting. */
export function acceptSetRole(tokens: TokenStream): Statement | undefined {
  if (tokens.peek(1).kind === 'symbol') return undefined;
  switch (tokens.word()) {
    case 'ROLE':
      tokens.take();
      return { kind: 'set-role', role: expectRole(tokens) };
    case 'DEFAULT':
      tokens.take();
      tokens.expectWord('ROLE');
      return { kind: 'set-default-role', role: expectRole(tokens) };
    case 'SECONDARY':
      tokens.take();
      tokens.expectWord('ROLES');
      return { kind: 'set-secondary-roles', roles: parseRoles(tokens) };
    case undefined:
    default:
      return undefined;
  }
}

/** Parses `ALL`, `NONE` or `role, …`. A role of such a name needs quotes. */
function parseRoles(tokens: TokenStream): 'all' | 'none' | readonly string[] {
  const word = tokens.acceptWord('ALL', 'NONE');
  if (word !== undefined) return word === 'ALL' ? 'all' : 'none';
  const roles = [expectRole(tokens)];
  while (tokens.acceptSymbol(',')) roles.push(expectRole(tokens));
  return roles;
}
