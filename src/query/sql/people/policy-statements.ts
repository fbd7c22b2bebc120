import type { Statement } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';

/** Objects that bind users, and are not built: the first word, and the whole name. */
const OBJECTS: ReadonlyMap<string, string> = new Map([
  ['NETWORK', 'NETWORK POLICY'],
  ['PASSWORD', 'PASSWORD POLICY'],
]);
const SHOWN: ReadonlyMap<string, string> = new Map([
  ['PUBLIC', 'PUBLIC KEYS'],
  ['NETWORK', 'NETWORK POLICIES'],
  ['PASSWORD', 'PASSWORD POLICIES'],
]);

/** Accepts a policy after CREATE, ALTER, DROP or DESC, and policies or keys after SHOW. Skips the rest. */
export function acceptPolicyStatement(tokens: TokenStream, verb: string): Statement | undefined {
  const object = (verb === 'SHOW' ? SHOWN : OBJECTS).get(tokens.word() ?? '');
  if (object === undefined) return undefined;
  tokens.skipRest();
  return { kind: 'not-built', what: `${verb} ${object}`, about: 'policies' };
}
