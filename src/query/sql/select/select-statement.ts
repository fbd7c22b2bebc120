import type { Expression, OrderBy, SelectFiles, SelectItem, Statement } from '../ast.js';
import { isClauseWord } from '../lexer/clause-words.js';
import { columnName, columnNames } from './column-name.js';
import { constantTruth } from './constant-truth.js';
import { ExpressionParser } from './expression-parser.js';
import { LIST_STAGE, parseListStage, sourceAt } from './select-source.js';
import { shapeOfSelect, type SelectShape } from './select-shape.js';
import { systemColumns } from './system-columns.js';
import { TokenStream } from '../lexer/token-stream.js';

type ValueItem = Extract<SelectItem, { kind: 'value' }>;

/** Behind `SELECT`. Only that of list_stage, and that of nothing, are read to their end. */
export function parseSelect(tokens: TokenStream): Statement {
  const { start } = tokens.peek();
  const shape = shapeOfSelect(tokens.sql, start);
  if (shape.from === undefined) {
    return shape.beyond === undefined ? parseValues(tokens) : unread(tokens, shape, `with ${shape.beyond}`);
  }
  const source = sourceAt(tokens.sql, shape.from);
  if (source.kind === 'other') return unread(tokens, shape, `from ${source.what}`);
  if (source.kind === 'nothing') {
    const names = columnNames(tokens.sql, { start, end: shape.from });
    const columns = names.flatMap((name) => (name.endsWith('*') ? systemColumns(source.table) : [name]));
    tokens.skipTo(shape.end);
    return { kind: 'show-nothing', columns };
  }
  return shape.beyond === undefined
    ? parseFiles(tokens, shape.from)
    : unread(tokens, shape, `with ${shape.beyond}`);
}

function unread(tokens: TokenStream, { end }: SelectShape, what: string): Statement {
  tokens.skipTo(end);
  return { kind: 'unsupported', what: `SELECT ${what}` };
}

/** `SELECT … FROM list_stage(…) …`: what comes behind FROM decides how columns may be written before it. */
function parseFiles(tokens: TokenStream, from: number): SelectFiles {
  const behind = new TokenStream(tokens.sql, from);
  const { parameters, alias } = parseListStage(behind);
  const tables = new Set([alias?.toLowerCase() ?? LIST_STAGE]);
  const items = parseItems(tokens, tables);
  tokens.expectWord('FROM');
  const expressions = new ExpressionParser(behind, tables);
  const where = behind.acceptWord('WHERE') === undefined ? undefined : expressions.parse();
  const orderBy = acceptOrderBy(behind, expressions);
  const { limit, offset } = acceptLimit(behind);
  behind.expectEnd();
  tokens.skipRest();
  return { kind: 'select-files', parameters, items, where, orderBy, limit, offset };
}

function parseItems(tokens: TokenStream, tables: ReadonlySet<string>): readonly SelectItem[] {
  const expressions = new ExpressionParser(tokens, tables);
  const items: SelectItem[] = [];
  do {
    items.push(acceptAll(tokens, tables) ? { kind: 'all' } : parseItem(tokens, expressions));
  } while (tokens.acceptSymbol(','));
  return items;
}

/** `*`, `table.*` */
function acceptAll(tokens: TokenStream, tables: ReadonlySet<string>): boolean {
  if (tokens.acceptSymbol('*')) return true;
  const isOfTable = tokens.isSymbol('.', 1) && tokens.isSymbol('*', 2);
  if (!isOfTable || !tables.has((tokens.word() ?? '').toLowerCase())) return false;
  for (let taken = 0; taken < 3; taken++) tokens.take();
  return true;
}

function parseItem(tokens: TokenStream, expressions: ExpressionParser): ValueItem {
  const value = expressions.parse();
  return { kind: 'value', value, name: acceptAlias(tokens) ?? columnName(tokens.sql, value.span) };
}

/** In lower case unless it is quoted, as Databend has it. */
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

function acceptOrderBy(tokens: TokenStream, expressions: ExpressionParser): readonly OrderBy[] {
  if (tokens.acceptWord('ORDER') === undefined) return [];
  tokens.expectWord('BY');
  const orders: OrderBy[] = [];
  do {
    const value = expressions.parse();
    orders.push({ value, descending: tokens.acceptWord('ASC', 'DESC') === 'DESC' });
    if (tokens.isWord('NULLS'))
      tokens.failAt(tokens.peek(), 'NULLS FIRST and NULLS LAST are not known here: NULL is last');
  } while (tokens.acceptSymbol(','));
  return orders;
}

/** `LIMIT n [OFFSET m]`, `LIMIT m, n`, `OFFSET m` */
function acceptLimit(tokens: TokenStream): { limit: number | undefined; offset: number } {
  if (tokens.acceptWord('LIMIT') === undefined) return { limit: undefined, offset: acceptOffset(tokens) };
  const first = tokens.expectInteger();
  if (tokens.acceptSymbol(',')) return { limit: tokens.expectInteger(), offset: first };
  return { limit: first, offset: acceptOffset(tokens) };
}

function acceptOffset(tokens: TokenStream): number {
  return tokens.acceptWord('OFFSET') === undefined ? 0 : tokens.expectInteger();
}

/** `SELECT` without FROM: one row, or none where its WHERE, LIMIT or OFFSET leaves none. */
function parseValues(tokens: TokenStream): Statement {
  const expressions = new ExpressionParser(tokens);
  const items = [parseItem(tokens, expressions)];
  while (tokens.acceptSymbol(',')) items.push(parseItem(tokens, expressions));
  const truth = acceptConstantWhere(tokens, expressions);
  acceptOrderBy(tokens, expressions);
  const { limit, offset } = acceptLimit(tokens);
  if (truth === undefined) return { kind: 'unsupported', what: 'SELECT without FROM, but with WHERE' };
  const hasRow = truth && limit !== 0 && offset === 0;
  return hasRow
    ? { kind: 'select-values', items }
    : { kind: 'show-nothing', columns: items.map(({ name }) => name) };
}

function acceptConstantWhere(tokens: TokenStream, expressions: ExpressionParser): boolean | undefined {
  const where: Expression | undefined =
    tokens.acceptWord('WHERE') === undefined ? undefined : expressions.parse();
  return where === undefined ? true : constantTruth(where);
}
