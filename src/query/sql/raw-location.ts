import { parsePresignOptions, type PresignOptions } from './presign-options.js';
import { SqlError } from './sql-error.js';
import { TokenStream } from './lexer/token-stream.js';

/** A path has 1024 bytes and a stage's name 255: what is much longer names no file. */
const MAX_LENGTH = 4096;
const BEGINNING = /^@(?:~|[_\p{XID_Start}][_$\p{XID_Continue}]*)\//u;
const PRESIGN_OPTION = /\s(?:EXPIRE|CONTENT_TYPE)\s*=/i;
/** `… width = 5`: as likely an option that is misspelt as the end of a name. */
const LIKE_OPTION = /\s\w+\s*=>?\s*(?:\d+|'[^']*')$/;
/** A second statement behind a `;`. */
const LIKE_STATEMENT =
  /;(?:\s|$|(?:ALTER|CREATE|DESC|DESCRIBE|DROP|LIST|PRESIGN|REMOVE|SELECT|SET|SHOW|UNSET|USE)\s)/i;
/** What a person means as SQL, though LIST does not know it. */
const LIKE_SQL =
  /['"`=<>;]|\s(?:PATTERN|ORDER|WHERE|LIMIT)$|\s(?:PATTERN|ORDER\s+BY)\s|\s(?:LIMIT|OFFSET)\s+\d+$/i;

export type RawPresign = PresignOptions & { readonly location: string };

/**
 * `PRESIGN DOWNLOAD @s/my file (1).csv`: the text from the `@` to the end is the location, character by character,
 * without the options and the `;` that may stand behind it.
 * @returns undefined where the text could mean something else, too. It must be written in single quotes then.
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

/** The same for LIST, with less that it takes for a name. */
export function rawListLocation(sql: string, start: number): string | undefined {
  const text = rawText(sql, start);
  const location = text === undefined ? undefined : rawName(withoutSemicolon(text));
  return location === undefined || LIKE_SQL.test(location) ? undefined : location;
}

function rawText(sql: string, start: number): string | undefined {
  if (sql.length - start > MAX_LENGTH) return undefined;
  const text = sql.slice(start).trimEnd();
  return BEGINNING.test(text) ? text : undefined;
}

function withoutSemicolon(text: string): string {
  return text.endsWith(';') ? text.slice(0, -1) : text;
}

function rawName(text: string): string | undefined {
  const name = text.trimEnd();
  const isAmbiguous = /\p{Cc}/u.test(name) || LIKE_STATEMENT.test(name) || LIKE_OPTION.test(name);
  return isAmbiguous ? undefined : name;
}

function presignOptions(text: string): PresignOptions | undefined {
  const tokens = new TokenStream(text);
  try {
    const options = parsePresignOptions(tokens);
    tokens.expectEnd();
    return options;
  } catch (error) {
    // The caller tells where the whole text is no SQL.
    if (error instanceof SqlError) return undefined;
    throw error;
  }
}
