import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

const NAME = 'the name of a tag';

/** Accepts `TAG` after CREATE or DROP, and `TAGS` after SHOW. */
export function acceptTagStatement(tokens: TokenStream, verb: string): Statement | undefined {
  const word = tokens.word();
  if (word !== (verb === 'SHOW' ? 'TAGS' : 'TAG')) return undefined;
  tokens.skipRest();
  return notBuilt(`${verb} ${word}`);
}

/** Accepts `TAG a = 'b', …` after `SET`, and `TAG a, …` after `UNSET`, in ALTER of a stage or connection. */
export function acceptTags(tokens: TokenStream, what: string): Statement | undefined {
  if (tokens.acceptWord('TAG') === undefined) return undefined;
  const isSet = what.endsWith(' SET');
  do {
    tokens.expectName(NAME);
    if (!isSet) continue;
    tokens.expectSymbol('=');
    tokens.expectString();
  } while (tokens.acceptSymbol(','));
  return notBuilt(`${what} TAG`);
}

function notBuilt(what: string): Statement {
  return { kind: 'not-built', what, about: 'tags' };
}
