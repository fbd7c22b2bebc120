import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

/** What belongs to users and roles, with the words that name it. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['USER', 'USER'],
  ['ROLE', 'ROLE'],
  ['NETWORK', 'NETWORK POLICY'],
  ['PASSWORD', 'PASSWORD POLICY'],
]);
const SHOWN: ReadonlyMap<string, string> = new Map([
  ['USERS', 'USERS'],
  ['ROLES', 'ROLES'],
  ['GRANTS', 'GRANTS'],
  ['PUBLIC', 'PUBLIC KEYS'],
  ['NETWORK', 'NETWORK POLICIES'],
  ['PASSWORD', 'PASSWORD POLICIES'],
]);
const SET: ReadonlyMap<string, string> = new Map([
  ['ROLE', 'ROLE'],
  ['DEFAULT', 'DEFAULT ROLE'],
  ['SECONDARY', 'SECONDARY ROLES'],
]);

/** `GRANT …`, `REVOKE …` */
export function acceptGrant(tokens: TokenStream): Statement | undefined {
  const verb = tokens.word();
  return verb === 'GRANT' || verb === 'REVOKE' ? unbuilt(tokens, verb) : undefined;
}

/** Behind CREATE, ALTER, DROP or DESC. */
export function acceptUserObject(tokens: TokenStream, verb: string): Statement | undefined {
  const object = OBJECTS.get(tokens.word() ?? '');
  return object === undefined ? undefined : unbuilt(tokens, `${verb} ${object}`);
}

/** Behind SHOW. */
export function acceptShowUsers(tokens: TokenStream): Statement | undefined {
  const shown = SHOWN.get(tokens.word() ?? '');
  return shown === undefined ? undefined : unbuilt(tokens, `SHOW ${shown}`);
}

/** Behind SET. A setting may be called so, too. */
export function acceptSetRole(tokens: TokenStream): Statement | undefined {
  if (tokens.peek(1).kind === 'symbol') return undefined;
  const set = SET.get(tokens.word() ?? '');
  return set === undefined ? undefined : unbuilt(tokens, `SET ${set}`);
}

function unbuilt(tokens: TokenStream, what: string): Statement {
  tokens.skipRest();
  return { kind: 'not-built', what, about: 'users' };
}
