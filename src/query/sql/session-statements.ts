import type { Statement } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';
import { acceptSetRole } from './people/set-role.js';

export const SETTING = 'the name of a setting';

/** Parses what follows `BEGIN`, `COMMIT`, `ROLLBACK` or `ABORT`. */
export function parseTransaction(tokens: TokenStream): Statement {
  tokens.acceptWord('TRANSACTION', 'WORK');
  return { kind: 'transaction' };
}

/** Parses what follows `USE`. */
export function parseUse(tokens: TokenStream): Statement {
  // A database may also have the name `catalog` or `warehouse`.
  const object = tokens.word();
  if ((object === 'CATALOG' || object === 'WAREHOUSE') && ['word', 'quoted'].includes(tokens.peek(1).kind)) {
    tokens.skipRest();
    return { kind: 'unsupported', what: `USE ${object}` };
  }
  return { kind: 'use', database: tokens.expectName('the name of a database') };
}

/** Parses what follows `SET`: `[SESSION | GLOBAL] {a = v, … | (a, …) = (v, …)}`. */
export function parseSet(tokens: TokenStream): Statement {
  const other = acceptSetRole(tokens) ?? acceptOther(tokens, 'SET');
  if (other !== undefined) return other;
  acceptScope(tokens);
  if (tokens.word() === 'PASSWORD') {
    tokens.skipRest(); // MySQL's; as a setting it would change nothing, and the password would come back with each answer
    return { kind: 'not-built', what: 'SET PASSWORD', about: 'passwords' };
  }
  if (tokens.isSymbol('(')) return { kind: 'set', settings: parsePairs(tokens) };
  const settings = new Map<string, string>();
  do {
    const name = tokens.expectName(SETTING).toLowerCase();
    tokens.expectSymbol('=');
    settings.set(name, parseSetting(tokens));
  } while (tokens.acceptSymbol(','));
  return { kind: 'set', settings };
}

/** Parses what follows `UNSET`: `[SESSION | GLOBAL] {a, … | (a, …)}`. */
export function parseUnset(tokens: TokenStream): Statement {
  const other = acceptOther(tokens, 'UNSET');
  if (other !== undefined) return other;
  acceptScope(tokens);
  const names = tokens.isSymbol('(') ? parseNames(tokens) : parseNameList(tokens);
  return { kind: 'unset', names };
}

function acceptOther(tokens: TokenStream, verb: string): Statement | undefined {
  const object = tokens.word();
  const isOther = object === 'VARIABLE' || object === 'PRIORITY';
  if (!isOther || tokens.peek(1).kind === 'symbol') return undefined;
  tokens.skipRest();
  return { kind: 'unsupported', what: `${verb} ${object}` };
}

/** Accepts SESSION or GLOBAL. Before `=` they are the name of a setting. */
function acceptScope(tokens: TokenStream): void {
  if (!tokens.isSymbol('=', 1)) tokens.acceptWord('SESSION', 'GLOBAL');
}

function parsePairs(tokens: TokenStream): ReadonlyMap<string, string> {
  const names = parseNames(tokens);
  tokens.expectSymbol('=');
  const { start } = tokens.peek();
  tokens.expectSymbol('(');
  const values = [parseSetting(tokens)];
  while (tokens.acceptSymbol(',')) values.push(parseSetting(tokens));
  tokens.expectSymbol(')');
  if (values.length !== names.length) {
    tokens.failAt({ start, end: tokens.endOfPrevious }, 'there must be as many values as names');
  }
  return new Map(names.map((name, index) => [name, values[index] ?? '']));
}

function parseNames(tokens: TokenStream): readonly string[] {
  tokens.expectSymbol('(');
  const names = parseNameList(tokens);
  tokens.expectSymbol(')');
  return names;
}

function parseNameList(tokens: TokenStream): readonly string[] {
  const names = [tokens.expectName(SETTING).toLowerCase()];
  while (tokens.acceptSymbol(',')) names.push(tokens.expectName(SETTING).toLowerCase());
  return names;
}

/** Parses a literal. @returns its text. */
export function parseSetting(tokens: TokenStream): string {
  const boolean = tokens.acceptWord('TRUE', 'FALSE');
  if (boolean !== undefined) return boolean.toLowerCase();
  const text = tokens.acceptString();
  if (text !== undefined) return text;
  const sign = tokens.acceptSymbol('-') ? '-' : '';
  if (tokens.peek().kind === 'number') return `${sign}${tokens.text(tokens.take()).replaceAll('_', '')}`;
  tokens.expecting('a number');
  return tokens.fail();
}
