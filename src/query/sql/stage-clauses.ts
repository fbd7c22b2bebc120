import type { FileFormatOptions, FileFormatValue, StageSource } from './ast.js';
import type { TokenStream } from './lexer/token-stream.js';

const HOST_STYLE = 'enable_virtual_host_style';
/** Types that are keywords of Databend's grammar. */
const FORMAT_TYPES = ['CSV', 'TEXT', 'TSV', 'NDJSON', 'PARQUET', 'JSON', 'ORC', 'AVRO', 'LANCE'];
/** Options that Databend shows, but cannot set: its grammar does not have them. */
const READ_ONLY_OPTIONS = new Set(['geometry_format']);

/** Accepts `[URL =] '…' [CONNECTION = (…)] [,]`. The comma is only allowed after CONNECTION. */
export function acceptSource(tokens: TokenStream): StageSource | undefined {
  const { start } = tokens.peek();
  const isNamed = tokens.acceptWord('URL') !== undefined;
  if (isNamed) tokens.expectSymbol('=');
  const url = isNamed ? tokens.expectString() : tokens.acceptString();
  if (url === undefined) return undefined;
  if (url.startsWith('@')) {
    tokens.failAt({ start, end: tokens.endOfPrevious }, "the URL of a stage cannot start with '@'");
  }
  const connection = acceptConnection(tokens);
  if (connection !== undefined) tokens.acceptSymbol(',');
  return { url, connection };
}

/** Accepts `CONNECTION = (…)`. */
export function acceptConnection(tokens: TokenStream): ReadonlyMap<string, string> | undefined {
  if (tokens.acceptWord('CONNECTION') === undefined) return undefined;
  tokens.expectSymbol('=');
  return parseConnectionOptions(tokens);
}

/** Parses `(key = 'value' [,] …)`. The last of the same name counts. */
function parseConnectionOptions(tokens: TokenStream): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  tokens.expectSymbol('(');
  while (!tokens.acceptSymbol(')')) {
    const [name, value] = parseConnectionOption(tokens);
    options.set(name, value);
    tokens.acceptSymbol(',');
  }
  return options;
}

/** Parses `key = 'value'`. */
export function parseConnectionOption(tokens: TokenStream): readonly [string, string] {
  const name = tokens.expectName('an option').toLowerCase();
  tokens.expectSymbol('=');
  const boolean = name === HOST_STYLE ? tokens.acceptWord('TRUE', 'FALSE') : undefined;
  return [name, boolean?.toLowerCase() ?? tokens.expectString()];
}

/** Accepts `FILE_FORMAT = (option = value [,] …)`. */
export function acceptFileFormat(tokens: TokenStream): FileFormatOptions | undefined {
  if (tokens.acceptWord('FILE_FORMAT') === undefined) return undefined;
  const options = new Map<string, FileFormatValue>();
  tokens.expectSymbol('=');
  tokens.expectSymbol('(');
  while (!tokens.acceptSymbol(')')) {
    const token = tokens.peek();
    const name = (tokens.acceptPlainName('a file format option') ?? tokens.fail()).toLowerCase();
    if (READ_ONLY_OPTIONS.has(name)) tokens.failAt(token, `\`${name}\` is shown, and cannot be set`);
    tokens.expectSymbol('=');
    options.set(name, name === 'type' ? parseFormatType(tokens) : parseFileFormatValue(tokens));
    tokens.acceptSymbol(',');
  }
  return options;
}

/** Parses a keyword, or a text in quotes, which the stage checks later. */
function parseFormatType(tokens: TokenStream): string {
  const token = tokens.peek();
  return tokens.acceptWord(...FORMAT_TYPES) === undefined ? tokens.expectString() : tokens.text(token);
}

function parseFileFormatValue(tokens: TokenStream): FileFormatValue {
  const boolean = tokens.acceptWord('TRUE', 'FALSE');
  if (boolean !== undefined) return boolean === 'TRUE';
  if (tokens.acceptSymbol('(')) return parseStrings(tokens);
  const value = tokens.acceptString() ?? tokens.acceptPlainName('a word such as CSV');
  return value ?? tokens.expectInteger();
}

/** Parses `'…', …)`. */
function parseStrings(tokens: TokenStream): readonly string[] {
  if (tokens.acceptSymbol(')')) return [];
  const strings = [tokens.expectString()];
  while (tokens.acceptSymbol(',')) strings.push(tokens.expectString());
  tokens.expectSymbol(')');
  return strings;
}

/** Accepts `{COMMENT | COMMENTS} = '…'`. */
export function acceptComment(tokens: TokenStream): string | undefined {
  if (tokens.acceptWord('COMMENT', 'COMMENTS') === undefined) return undefined;
  tokens.expectSymbol('=');
  return tokens.expectString();
}
