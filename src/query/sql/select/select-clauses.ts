import type { Expression, OrderBy, SelectClauses, SelectItem } from '../ast.js';
import { isClauseWord } from '../lexer/clause-words.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { columnName } from './column-name.js';
import { ExpressionParser } from './expression-parser.js';

export type ValueItem = Extract<SelectItem, { kind: 'value' }>;

/**
 * Parses the clauses of a SELECT, to the end of the text.
 *
 * @param tokens the tokens after SELECT.
 * @param afterTable the tokens after the table and its alias, which are read before the items that may use them.
 * @param tables names that are allowed before the dot of `table.column`, in lower case.
 */
export function parseClauses(
  tokens: TokenStream,
  afterTable: TokenStream,
  tables: ReadonlySet<string>,
): SelectClauses {
  const items = parseItems(tokens, tables);
  tokens.expectWord('FROM');
  const expressions = new ExpressionParser(afterTable, tables);
  const where = acceptCondition('WHERE', afterTable, expressions);
  const groupBy = acceptGroupBy(afterTable, expressions);
  const having = acceptCondition('HAVING', afterTable, expressions);
  const orderBy = acceptOrderBy(afterTable, expressions);
  const { limit, offset } = acceptLimit(afterTable);
  afterTable.expectEnd();
  return { items, where, groupBy, having, orderBy, limit, offset };
}

function parseItems(tokens: TokenStream, tables: ReadonlySet<string>): readonly SelectItem[] {
  const expressions = new ExpressionParser(tokens, tables);
  const items: SelectItem[] = [];
  do {
    items.push(acceptAll(tokens, tables) ? { kind: 'all' } : parseItem(tokens, expressions));
  } while (tokens.acceptSymbol(','));
  return items;
}

/** Accepts `*` and `table.*`. */
function acceptAll(tokens: TokenStream, tables: ReadonlySet<string>): boolean {
  if (tokens.acceptSymbol('*')) return true;
  const isOfTable = tokens.isSymbol('.', 1) && tokens.isSymbol('*', 2);
  if (!isOfTable || !tables.has((tokens.word() ?? '').toLowerCase())) return false;
  for (let count = 0; count < 3; count++) tokens.take();
  return true;
}

export function parseItem(tokens: TokenStream, expressions: ExpressionParser): ValueItem {
  const value = expressions.parse();
  return { kind: 'value', value, name: acceptAlias(tokens) ?? columnName(tokens.sql, value.span) };
}

/** Accepts an alias: in lower case unless quoted, as in Databend. */
function acceptAlias(tokens: TokenStream): string | undefined {
  const isNamed = tokens.acceptWord('AS') !== undefined;
  const token = tokens.peek();
  if (token.kind === 'quoted') return tokens.expectName('an alias');
  if (token.kind === 'word' && !isClauseWord(tokens.text(token)))
    return tokens.text(tokens.take()).toLowerCase();
  if (!isNamed) return undefined;
  tokens.expecting('an alias');
  return tokens.fail();
}

export function acceptCondition(
  word: 'WHERE' | 'HAVING',
  tokens: TokenStream,
  expressions: ExpressionParser,
): Expression | undefined {
  return tokens.acceptWord(word) === undefined ? undefined : expressions.parse();
}

/** Accepts `GROUP BY a, …` and `GROUP BY ALL`. */
function acceptGroupBy(tokens: TokenStream, expressions: ExpressionParser): SelectClauses['groupBy'] {
  if (tokens.acceptWord('GROUP') === undefined) return undefined;
  tokens.expectWord('BY');
  return tokens.acceptWord('ALL') === undefined ? expressions.parseList() : 'all';
}

export function acceptOrderBy(tokens: TokenStream, expressions: ExpressionParser): readonly OrderBy[] {
  if (tokens.acceptWord('ORDER') === undefined) return [];
  tokens.expectWord('BY');
  const orders: OrderBy[] = [];
  do {
    const value = expressions.parse();
    const descending = tokens.acceptWord('ASC', 'DESC') === 'DESC';
    orders.push({ value, descending, nullsFirst: acceptNulls(tokens) });
  } while (tokens.acceptSymbol(','));
  return orders;
}

/** Accepts `NULLS FIRST` and `NULLS LAST`. Without them NULL is last, as in Databend. */
function acceptNulls(tokens: TokenStream): boolean {
  return tokens.acceptWord('NULLS') !== undefined && tokens.expectWord('FIRST', 'LAST') === 'FIRST';
}

/** Accepts `LIMIT n [OFFSET m]`, `LIMIT m, n` and `OFFSET m`. */
export function acceptLimit(tokens: TokenStream): { limit: number | undefined; offset: number } {
  if (tokens.acceptWord('LIMIT') === undefined) return { limit: undefined, offset: acceptOffset(tokens) };
  const first = tokens.expectInteger();
  if (tokens.acceptSymbol(',')) return { limit: tokens.expectInteger(), offset: first };
  return { limit: first, offset: acceptOffset(tokens) };
}

function acceptOffset(tokens: TokenStream): number {
  return tokens.acceptWord('OFFSET') === undefined ? 0 : tokens.expectInteger();
}
