import type { TokenStream } from '../lexer/token-stream.js';
import type { Grantee } from './people-ast.js';

const USER = 'the name of a user';
const ROLE = 'the name of a role';
/** Databend reserves these words. Without quotes they begin what follows a name, and so are no names. */
const RESERVED = new Set(['FOR', 'FROM', 'GRANT', 'LIKE', 'LIMIT', 'OF', 'ON', 'SET', 'TO', 'WHERE', 'WITH']);
const HOST_RULE = "a user has no host here: only '%', which is any host, may follow @";
/** The characters themselves, and the escapes of those that cannot be seen. */
const NOT_IN_ROLES = /['"\f\b]|\\[fb]/;

/** Expects the name of a user, as an identifier or a string, and its host, which is always `'%'`. */
export function expectUser(tokens: TokenStream): string {
  const name = expectIdentifierOrString(tokens, USER);
  skipHost(tokens);
  return name;
}

/** Expects `@'%'`, or no host. */
function skipHost(tokens: TokenStream): void {
  const token = tokens.peek();
  // `u@host` is read as a location.
  if (token.kind === 'location') tokens.failAt(token, HOST_RULE);
  if (!tokens.isSymbol('@')) return;
  tokens.take();
  const host = tokens.peek();
  if (tokens.acceptString() !== '%') tokens.failAt(host, HOST_RULE);
}

/** Expects the name of a role, as an identifier or a string. */
export function expectRole(tokens: TokenStream): string {
  const token = tokens.peek();
  const name = expectIdentifierOrString(tokens, ROLE);
  // Databend has this rule for identifiers alone. What reads a string must judge it.
  if (token.kind !== 'string' && NOT_IN_ROLES.test(name)) {
    tokens.failAt(token, `' or " or \\f or \\b are not allowed in the name of a role`);
  }
  return name;
}

/** Parses `{ROLE role | [USER] user}`. A name alone is that of a user. */
export function parseGrantee(tokens: TokenStream): Grantee {
  const kind = tokens.acceptWord('ROLE', 'USER');
  return kind === 'ROLE'
    ? { kind: 'role', name: expectRole(tokens) }
    : { kind: 'user', name: expectUser(tokens) };
}

/** Expects the name of a stage or connection: an identifier, quoted or not. */
export function expectObject(tokens: TokenStream, object: 'stage' | 'connection'): string {
  return expectIdentifier(tokens, `the name of a ${object}`);
}

function expectIdentifierOrString(tokens: TokenStream, what: string): string {
  return tokens.peek().kind === 'string' ? tokens.expectString() : expectIdentifier(tokens, what);
}

function expectIdentifier(tokens: TokenStream, what: string): string {
  if (!RESERVED.has(tokens.word() ?? '')) return tokens.expectName(what);
  tokens.expecting(what);
  return tokens.fail();
}
