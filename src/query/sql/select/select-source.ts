import { isClauseWord } from '../lexer/clause-words.js';
import type { Span } from '../ast.js';
import { TokenStream } from '../lexer/token-stream.js';
import { systemColumns } from './system-columns.js';

export const LIST_STAGE = 'list_stage';
export const SHOW_GRANTS = 'show_grants';
export const STAGES = 'stages';
export const USERS = 'users';
export const ROLES = 'roles';
/** Databend's table with one row. */
export const ONE = 'one';
const SYSTEM = new Set(['system', 'information_schema']);
/** A function whose table SHOW ROLES shows. */
export const SHOW_ROLES = 'show_roles';

/** The table of a SELECT. */
export type SelectSource =
  | { readonly kind: 'list-stage' }
  | { readonly kind: 'show-grants' }
  | { readonly kind: 'show-roles' }
  /** `system.stages`, `system.users`, `system.roles` */
  | { readonly kind: typeof STAGES | typeof USERS | typeof ROLES }
  /** A system table that is empty here: `system.tables`. */
  | { readonly kind: 'empty'; readonly table: string }
  /** `system.one` */
  | { readonly kind: 'one' }
  /** A system table that does not exist in Databend, or that is not supported here. */
  | { readonly kind: 'unknown'; readonly table: string; readonly span: Span }
  | { readonly kind: 'other'; readonly what: string };

/** Reads the source at a FROM. @throws SqlError if no table follows. */
export function sourceAt(sql: string, from: number): SelectSource {
  const tokens = new TokenStream(sql, from);
  tokens.expectWord('FROM');
  const { kind, start } = tokens.peek();
  if (kind === 'location' || kind === 'string') return { kind: 'other', what: 'files' };
  if (tokens.isSymbol('(')) return { kind: 'other', what: 'a subquery' };
  const names = [tokens.expectName('list_stage(…)').toLowerCase()];
  while (tokens.isSymbol('.')) {
    tokens.take();
    names.push(tokens.expectName('the name of a table').toLowerCase());
  }
  const [name = '', schema = ''] = names.reverse();
  if (tokens.isSymbol('(')) return functionSource(name);
  if (!SYSTEM.has(schema)) return { kind: 'other', what: 'a table' };
  const table = `${schema}.${name}`;
  if (schema === 'system' && isOwnTable(name)) return { kind: name };
  if (schema === 'system' && name === ONE) return { kind: 'one' };
  if (systemColumns(table) !== undefined) return { kind: 'empty', table };
  return { kind: 'unknown', table: table.slice(0, 100), span: { start, end: tokens.endOfPrevious } };
}

function isOwnTable(name: string): name is typeof STAGES | typeof USERS | typeof ROLES {
  return name === STAGES || name === USERS || name === ROLES;
}

function functionSource(name: string): SelectSource {
  if (name === LIST_STAGE) return { kind: 'list-stage' };
  if (name === SHOW_GRANTS) return { kind: 'show-grants' };
  if (name === SHOW_ROLES) return { kind: 'show-roles' };
  return { kind: 'other', what: /^\w{1,40}$/.test(name) ? `${name}()` : 'a function' };
}

export interface ListStage {
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly alias: string | undefined;
}

/** Parses `FROM list_stage(name => '…', …) [[AS] alias]`. */
export function parseListStage(tokens: TokenStream): ListStage {
  tokens.expectWord('FROM');
  tokens.expectWord(LIST_STAGE.toUpperCase());
  tokens.expectSymbol('(');
  const parameters = new Map<string, string>();
  do {
    const token = tokens.peek();
    const name = (tokens.acceptPlainName("location => '@stage/path'") ?? tokens.fail()).toLowerCase();
    if (parameters.has(name)) tokens.failAt(token, `\`${name.slice(0, 40)}\` is given twice`);
    tokens.expectSymbol('=>');
    parameters.set(name, tokens.expectString());
  } while (tokens.acceptSymbol(','));
  tokens.expectSymbol(')');
  return { parameters, alias: acceptAlias(tokens) };
}

export interface ShowGrantsCall {
  readonly arguments: readonly string[];
  readonly alias: string | undefined;
}

/** Parses `FROM show_grants('…', …) [[AS] alias]`. */
export function parseShowGrants(tokens: TokenStream): ShowGrantsCall {
  tokens.expectWord('FROM');
  tokens.expectWord(SHOW_GRANTS.toUpperCase());
  tokens.expectSymbol('(');
  const texts = [tokens.expectString()];
  while (tokens.acceptSymbol(',')) texts.push(tokens.expectString());
  tokens.expectSymbol(')');
  return { arguments: texts, alias: acceptAlias(tokens) };
}

/** Parses `FROM show_roles() [[AS] alias]`. @returns the alias. */
export function parseShowRoles(tokens: TokenStream): string | undefined {
  tokens.expectWord('FROM');
  tokens.expectWord(SHOW_ROLES.toUpperCase());
  tokens.expectSymbol('(');
  tokens.expectSymbol(')');
  return acceptAlias(tokens);
}

/** Parses `FROM schema.table [[AS] alias]`. @returns the alias. */
export function parseTable(tokens: TokenStream): string | undefined {
  tokens.expectWord('FROM');
  do tokens.expectName('the name of a table');
  while (tokens.acceptSymbol('.'));
  return acceptAlias(tokens);
}

function acceptAlias(tokens: TokenStream): string | undefined {
  const isNamed = tokens.acceptWord('AS') !== undefined;
  const token = tokens.peek();
  const isName = token.kind === 'quoted' || (token.kind === 'word' && !isClauseWord(tokens.text(token)));
  return isNamed || isName ? tokens.expectName('an alias') : undefined;
}
