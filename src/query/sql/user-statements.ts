import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

/** Objects of users and roles: the first word, and the whole name. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['USER', 'USER'],
  ['ROLE', 'ROLE'],
  ['NETWORK', 'NETWORK POLICY'],
  ['PASSWORD', 'PASSWORD POLICY'],
]);
const SHOW_OBJECTS: ReadonlyMap<string, string> = new Map([
  ['USERS', 'USERS'],
  ['ROLES', 'ROLES'],
  ['GRANTS', 'GRANTS'],
  ['PUBLIC', 'PUBLIC KEYS'],
  ['NETWORK', 'NETWORK POLICIES'],
  ['PASSWORD', 'PASSWORD POLICIES'],
]);
const SET_OBJECTS: ReadonlyMap<string, string> = new Map([
  ['ROLE', 'ROLE'],
  ['DEFAULT', 'DEFAULT ROLE'],
  ['SECONDARY', 'SECONDARY ROLES'],
]);

/** Accepts `GRANT …` and `REVOKE …`. */
export function acceptGrant(tokens: TokenStream): Statement | undefined {
  const verb = tokens.word();
  return verb === 'GRANT' || verb === 'REVOKE' ? skipNotBuilt(tokens, verb) : undefined;
}

/** Accepts an object of users or roles after CREATE, ALTER, DROP or DESC. */
export function acceptUserObject(tokens: TokenStream, verb: string): Statement | undefined {
  const object = OBJECTS.get(tokens.word() ?? '');
  return object === undefined ? undefined : skipNotBuilt(tokens, `${verb} ${object}`);
}

/** Accepts an object of users or roles after SHOW. */
export function acceptShowUsers(tokens: TokenStream): Statement | undefined {
  const shown = SHOW_OBJECTS.get(tokens.word() ?? '');
  return shown === undefined ? undefined : skipNotBuilt(tokens, `SHOW ${shown}`);
}

/** Accepts a role after SET. Before `=` the word is the name of a setting. */
export function acceptSetRole(tokens: TokenStream): Statement | undefined {
  if (tokens.peek(1).kind === 'symbol') return undefined;
  const set = SET_OBJECTS.get(tokens.word() ?? '');
  return set === undefined ? undefined : skipNotBuilt(tokens, `SET ${set}`);
}

function skipNotBuilt(tokens: TokenStream, what: string): Statement {
  tokens.skipRest();
  return { kind: 'not-built', what, about: 'users' };
}
