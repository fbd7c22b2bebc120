import { parsePresignOptions, type PresignOptions } from './presign-options.js';
import { SqlError } from './sql-error.js';
import { TokenStream } from './lexer/token-stream.js';

/** A path has at most 1024 bytes and a stage's name 255. A much longer text cannot name a file. */
const MAX_LENGTH = 4096;
const LOCATION_START = /^@(?:~|[_\p{XID_Start}][_$\p{XID_Continue}]*)\//u;
const PRESIGN_OPTION = /\s(?:EXPIRE|CONTENT_TYPE)\s*=/i;
/** `… width = 5` may be a misspelled option as well as the end of a name. */
const LOOKS_LIKE_OPTION = /\s\w+\s*=>?\s*(?:\d+|'[^']*')$/;
/** Text with a second statement after a `;`. */
const LOOKS_LIKE_STATEMENT =
  /;(?:\s|$|(?:ALTER|CREATE|DESC|DESCRIBE|DROP|LIST|PRESIGN|REMOVE|SELECT|SET|SHOW|UNSET|USE)\s)/i;
/** Text that is probably meant as SQL, although LIST has no such clause. */
const LOOKS_LIKE_SQL =
  /['"`=<>;]|\s(?:PATTERN|ORDER|WHERE|LIMIT)$|\s(?:PATTERN|ORDER\s+BY)\s|\s(?:LIMIT|OFFSET)\s+\d+$/i;

export type RawPresign = PresignOptions & { readonly location: string };

/**
 * Reads a location without quotes: `PRESIGN DOWNLOAD @s/my file (1).csv`. The location is the text from `@` to the end,
 * unchanged, without the options and the `;` at its end.
 *
 * @returns undefined if the text is ambiguous. Such a location needs single quotes.
 */
export function rawPresign(sql: string, start: number): RawPresign | undefined {
  const text = rawText(sql, start);
  const option = text?.search(PRESIGN_OPTION) ?? -1;
  if (text === undefined || option === -1) {
    const location = text === undefined ? undefined : rawName(withoutSemicolon(text));
    return location === undefined
      ? undefined
      : { location, expiresInSeconds: undefined, contentType: undefined };
  }
  const location = rawName(text.slice(0, option));
  const options = presignOptions(text.slice(option));
  return location === undefined || options === undefined ? undefined : { location, ...options };
}

/** Reads the location of a LIST. Accepts fewer texts as names than `rawPresign`. */
export function rawListLocation(sql: string, start: number): string | undefined {
  const text = rawText(sql, start);
  const location = text === undefined ? undefined : rawName(withoutSemicolon(text));
  return location === undefined || LOOKS_LIKE_SQL.test(location) ? undefined : location;
}

function rawText(sql: string, start: number): string | undefined {
  if (sql.length - start > MAX_LENGTH) return undefined;
  const text = sql.slice(start).trimEnd();
  return LOCATION_START.test(text) ? text : undefined;
}

function withoutSemicolon(text: string): string {
  return text.endsWith(';') ? text.slice(0, -1) : text;
}

function rawName(text: string): string | undefined {
  const name = text.trimEnd();
  const isAmbiguous = /\p{Cc}/u.test(name) || LOOKS_LIKE_STATEMENT.test(name) || LOOKS_LIKE_OPTION.test(name);
  return isAmbiguous ? undefined : name;
}

function presignOptions(text: string): PresignOptions | undefined {
  const tokens = new TokenStream(text);
  try {
    const options = parsePresignOptions(tokens);
    tokens.expectEnd();
    return options;
  } catch (error) {
    // The caller reports the syntax error of the whole statement.
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}
