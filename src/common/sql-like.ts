const ANY_TEXT = Symbol('%');
const ANY_CHARACTER = Symbol('_');
type Token = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

/**
 * Compiles SQL's LIKE: `%` matches any text, `_` any one character, and a backslash escapes the next character. A match
 * costs at most the pattern's length times the text's, for all inputs.
 */
export function likeMatcher(
  pattern: string,
  { ignoreCase = false }: { readonly ignoreCase?: boolean } = {},
): (text: string) => boolean {
  const folded = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  const tokens = tokensOf(folded(pattern));
  return (text) => matches(tokens, Array.from(folded(text)));
}

function matches(tokens: readonly Token[], characters: readonly string[]): boolean {
  let [at, next] = [0, 0];
  let lastWildcard: { readonly next: number; at: number } | undefined;
  while (at < characters.length) {
    const token = tokens[next];
    if (token === ANY_TEXT) lastWildcard = { next: ++next, at };
    else if (token !== undefined && (token === ANY_CHARACTER || token === characters[at])) {
      at++;
      next++;
    } else if (lastWildcard !== undefined) {
      at = ++lastWildcard.at; // extends the match of % by one character
      next = lastWildcard.next;
    } else return false;
  }
  return tokens.slice(next).every((token) => token === ANY_TEXT);
}

function tokensOf(pattern: string): Token[] {
  const tokens: Token[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === '\\') isEscaped = true;
    else {
      tokens.push(isEscaped ? character : tokenOf(character));
      isEscaped = false;
    }
  }
  if (isEscaped) tokens.push('\\');
  return tokens;
}

function tokenOf(character: string): Token {
  if (character === '%') return ANY_TEXT;
  return character === '_' ? ANY_CHARACTER : character;
}
