import type { SelectClauses, SelectNothing, Statement } from '../ast.js';
import { TokenStream } from '../lexer/token-stream.js';
import { SqlError } from '../sql-error.js';
import { columnNames } from './column-name.js';
import { constantTruth } from './constant-truth.js';
import { ExpressionParser } from './expression-parser.js';
import { acceptCondition, acceptLimit, acceptOrderBy, parseClauses, parseItem } from './select-clauses.js';
import {
  LIST_STAGE,
  ONE,
  parseListStage,
  parseShowGrants,
  parseShowRoles,
  parseTable,
  SHOW_GRANTS,
  SHOW_ROLES,
  sourceAt,
  type SelectSource,
} from './select-source.js';
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
  return parseKnown(tokens, { ...shape, from }, sourceAt(tokens.sql, from));
}

/** Parses a SELECT from a source. */
function parseKnown(tokens: TokenStream, shape: Shape, source: SelectSource): Statement {
  switch (source.kind) {
    case 'other':
      return skipUnsupported(tokens, shape, `from ${source.what}`);
    case 'unknown':
      tokens.skipTo(shape.end);
      return { kind: 'select-unknown', table: source.table, span: source.span };
    case 'empty':
      return parseEmptyTable(tokens, shape, source.table);
    case 'list-stage':
    case 'show-grants':
    case 'show-roles':
    case 'one':
    case 'stages':
    case 'users':
    case 'roles':
      if (shape.unsupported !== undefined) return skipUnimplemented(tokens, shape, shape.unsupported);
      return parseOwnTable(tokens, shape.from, source.kind);
  }
}

type OwnTable = Exclude<SelectSource['kind'], 'other' | 'unknown' | 'empty'>;

/** Parses a SELECT from a table that has rows here. */
function parseOwnTable(tokens: TokenStream, from: number, table: OwnTable): Statement {
  switch (table) {
    case 'list-stage':
      return parseFiles(tokens, from);
    case 'show-grants':
      return parseGrants(tokens, from);
    case 'one':
      return { kind: 'select-one', ...parseFrom(tokens, from, ONE) };
    case 'show-roles':
      return {
        kind: 'select-roles',
        areAvailable: true,
        ...parseFrom(tokens, from, SHOW_ROLES, parseShowRoles),
      };
    case 'roles':
      return { kind: 'select-roles', areAvailable: false, ...parseFrom(tokens, from, table) };
    case 'stages':
    case 'users':
      return { kind: `select-${table}`, ...parseFrom(tokens, from, table) };
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

/** Parses `SELECT … FROM show_grants(…) …`. */
function parseGrants(tokens: TokenStream, from: number): Statement {
  const afterTable = new TokenStream(tokens.sql, from);
  const { arguments: texts, alias } = parseShowGrants(afterTable);
  const clauses = parseClauses(tokens, afterTable, new Set([alias?.toLowerCase() ?? SHOW_GRANTS]));
  tokens.skipRest();
  return { kind: 'select-grants', arguments: texts, ...clauses };
}

/** Parses `SELECT … FROM schema.table [alias] …`. @param parseSource parses the table and its alias. */
function parseFrom(
  tokens: TokenStream,
  from: number,
  table: string,
  parseSource = parseTable,
): SelectClauses {
  const behind = new TokenStream(tokens.sql, from);
  const alias = parseSource(behind);
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
