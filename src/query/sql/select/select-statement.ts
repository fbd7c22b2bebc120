import type { SelectClauses, SelectNothing, Statement } from '../ast.js';
import { TokenStream } from '../lexer/token-stream.js';
import { SqlError } from '../sql-error.js';
import { columnNames } from './column-name.js';
import { constantTruth } from './constant-truth.js';
import { ExpressionParser } from './expression-parser.js';
import { acceptCondition, acceptLimit, acceptOrderBy, parseClauses, parseItem } from './select-clauses.js';
import { LIST_STAGE, ONE, parseListStage, parseTable, sourceAt, STAGES } from './select-source.js';
import { shapeOfSelect, type SelectShape } from './select-shape.js';
import { systemColumns } from './system-columns.js';

/** The shape of a SELECT with FROM. */
type Shape = SelectShape & { readonly from: number };

/** Parses what follows `SELECT`. */
export function parseSelect(tokens: TokenStream): Statement {
  const { start } = tokens.peek();
  const { from, ...shape } = shapeOfSelect(tokens.sql, start);
  if (from === undefined) {
    const grouping = shape.grouping === undefined ? undefined : `${shape.grouping} and without FROM`;
    const unsupported = shape.unsupported ?? grouping;
    return unsupported === undefined
      ? parseValues(tokens, shape)
      : skipUnimplemented(tokens, shape, unsupported);
  }
  const source = sourceAt(tokens.sql, from);
  switch (source.kind) {
    case 'other':
      return skipUnsupported(tokens, shape, `from ${source.what}`);
    case 'users':
      tokens.skipTo(shape.end);
      return { kind: 'not-built', what: `SELECT from ${source.what}`, about: 'users' };
    case 'unknown':
      tokens.skipTo(shape.end);
      return { kind: 'select-unknown', table: source.table, span: source.span };
    case 'one':
      if (shape.unsupported !== undefined) return skipUnimplemented(tokens, shape, shape.unsupported);
      return { kind: 'select-one', ...parseFrom(tokens, from, ONE) };
    case 'empty':
      return parseEmptyTable(tokens, { ...shape, from }, source.table);
    case 'list-stage':
      if (shape.unsupported !== undefined) return skipUnimplemented(tokens, shape, shape.unsupported);
      return parseFiles(tokens, from);
    case 'stages':
      if (shape.unsupported !== undefined) return skipUnimplemented(tokens, shape, shape.unsupported);
      return { kind: 'select-stages', ...parseFrom(tokens, from, STAGES) };
  }
}

function skipUnsupported(tokens: TokenStream, { end }: Pick<SelectShape, 'end'>, what: string): Statement {
  tokens.skipTo(end);
  return { kind: 'unsupported', what: `SELECT ${what}` };
}

/** Skips a SELECT whose table is supported, but not all its parts. */
function skipUnimplemented(tokens: TokenStream, { end }: Pick<SelectShape, 'end'>, part: string): Statement {
  tokens.skipTo(end);
  return { kind: 'not-built', what: `SELECT with ${part}`, about: 'selects' };
}

/** Parses `SELECT … FROM list_stage(…) …`. */
function parseFiles(tokens: TokenStream, from: number): Statement {
  const afterTable = new TokenStream(tokens.sql, from);
  const { parameters, alias } = parseListStage(afterTable);
  const clauses = parseClauses(tokens, afterTable, new Set([alias?.toLowerCase() ?? LIST_STAGE]));
  tokens.skipRest();
  return { kind: 'select-files', parameters, ...clauses };
}

/** Parses `SELECT … FROM schema.table [alias] …`. */
function parseFrom(tokens: TokenStream, from: number, table: string): SelectClauses {
  const behind = new TokenStream(tokens.sql, from);
  const alias = parseTable(behind);
  const clauses = parseClauses(tokens, behind, new Set([alias?.toLowerCase() ?? table]));
  tokens.skipRest();
  return clauses;
}

/** Parses a SELECT from an empty table. Accepts one with unknown parts, too: without an aggregate it has no rows anyway. */
function parseEmptyTable(tokens: TokenStream, shape: Shape, table: string): Statement {
  const { start } = tokens.peek();
  const isEmpty = (from: number | undefined): boolean =>
    from !== undefined && sourceAt(tokens.sql, from).kind === 'empty';
  if (!shape.branches.every(isEmpty)) return skipUnimplemented(tokens, shape, 'UNION');
  const clauses = tryParseClauses(tokens.sql, { start, from: shape.from, table });
  tokens.skipTo(shape.end);
  if (clauses === undefined && shape.hasAggregate) {
    return { kind: 'not-built', what: `SELECT with such an aggregate from ${table}`, about: 'selects' };
  }
  const columns = systemColumns(table) ?? [];
  const names = columnNames(tokens.sql, { start, end: shape.from });
  return {
    kind: 'select-nothing',
    table: columns,
    clauses,
    columns: names.flatMap((name) => (name.endsWith('*') ? columns.map((column) => column.name) : [name])),
    strict: shape.hasAggregate,
  };
}

/** @returns undefined if the SELECT has parts that `parseClauses` does not support. */
function tryParseClauses(
  sql: string,
  { start, from, table }: { start: number; from: number; table: string },
): SelectClauses | undefined {
  try {
    return parseFrom(new TokenStream(sql, start), from, table.replace(/^.*\./, ''));
  } catch (error) {
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}

/** Parses a SELECT without FROM. It has one row, unless its WHERE, LIMIT or OFFSET excludes it. */
function parseValues(tokens: TokenStream, { hasAggregate }: Pick<SelectShape, 'hasAggregate'>): Statement {
  const expressions = new ExpressionParser(tokens);
  const items = [parseItem(tokens, expressions)];
  while (tokens.acceptSymbol(',')) items.push(parseItem(tokens, expressions));
  const where = acceptCondition('WHERE', tokens, expressions);
  const truth = where === undefined ? true : constantTruth(where);
  const orderBy = acceptOrderBy(tokens, expressions);
  const { limit, offset } = acceptLimit(tokens);
  if (truth === undefined)
    return { kind: 'not-built', what: 'SELECT without FROM, but with WHERE', about: 'selects' };
  if (truth && limit !== 0 && offset === 0) return { kind: 'select-values', items };
  const clauses = { items, orderBy, limit, offset };
  const empty: SelectNothing = {
    kind: 'select-nothing',
    table: [],
    clauses: { ...clauses, where: undefined, groupBy: undefined, having: undefined },
    columns: items.map(({ name }) => name),
    strict: hasAggregate,
  };
  return empty;
}
