import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

const NAME = 'the name of a tag';

/** Behind CREATE or DROP, and behind SHOW with an `S`. */
export function acceptTagStatement(tokens: TokenStream, verb: string): Statement | undefined {
  const word = tokens.word();
  if (word !== (verb === 'SHOW' ? 'TAGS' : 'TAG')) return undefined;
  tokens.skipRest();
  return unbuilt(`${verb} ${word}`);
}

/** Behind the name of a stage or connection and `SET` or `UNSET`: `TAG a = 'b', …` or `TAG a, …`. */
export function acceptTags(tokens: TokenStream, what: string): Statement | undefined {
  if (tokens.acceptWord('TAG') === undefined) return undefined;
  const isSet = what.endsWith(' SET');
  do {
    tokens.expectName(NAME);
    if (!isSet) continue;
    tokens.expectSymbol('=');
    tokens.expectString();
  } while (tokens.acceptSymbol(','));
  return unbuilt(`${what} TAG`);
}

function unbuilt(what: string): Statement {
  return { kind: 'not-built', what, about: 'tags' };
}
