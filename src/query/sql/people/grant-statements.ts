import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { acceptTables, acceptWarehouseObject } from './grant-objects.js';
import { parseGrantSource } from './grant-source.js';
import { expectObject, expectRole, parseGrantee } from './names.js';

const OWNERSHIP = 'GRANT OWNERSHIP';

/** Parses what follows `GRANT`. */
export function parseGrant(tokens: TokenStream): Statement {
  if (tokens.acceptWord('OWNERSHIP') !== undefined) return parseOwnership(tokens);
  if (tokens.acceptWord('ROLE') !== undefined) {
    const role = expectRole(tokens);
    tokens.expectWord('TO');
    return { kind: 'grant-role', role, grantee: parseGrantee(tokens) };
  }
  const source = parseGrantSource(tokens, 'GRANT');
  if ('kind' in source) return source;
  tokens.expectWord('TO');
  return { kind: 'grant', source, grantee: parseGrantee(tokens) };
}

/** Parses what follows `REVOKE`. */
export function parseRevoke(tokens: TokenStream): Statement {
  if (tokens.isWord('OWNERSHIP')) {
    const rule = 'ownership cannot be revoked: GRANT OWNERSHIP gives it to another role';
    tokens.failAt(tokens.peek(), rule);
  }
  if (tokens.acceptWord('ROLE') !== undefined) {
    const role = expectRole(tokens);
    tokens.expectWord('FROM');
    return { kind: 'revoke-role', role, grantee: parseGrantee(tokens) };
  }
  const source = parseGrantSource(tokens, 'REVOKE');
  if ('kind' in source) return source;
  tokens.expectWord('FROM');
  return { kind: 'revoke', source, grantee: parseGrantee(tokens) };
}

/** Parses what follows `GRANT OWNERSHIP`: `ON {STAGE | CONNECTION} name TO ROLE role`. */
function parseOwnership(tokens: TokenStream): Statement {
  tokens.expectWord('ON');
  const word = tokens.acceptWord('STAGE', 'CONNECTION');
  if (word === undefined) {
    return acceptWarehouseObject(tokens, OWNERSHIP) ?? acceptTables(tokens, OWNERSHIP, 'TO') ?? tokens.fail();
  }
  const on = word === 'STAGE' ? 'stage' : 'connection';
  const name = expectObject(tokens, on);
  tokens.expectWord('TO');
  tokens.expectWord('ROLE');
  return { kind: 'grant-ownership', object: { on, name }, role: expectRole(tokens) };
}
