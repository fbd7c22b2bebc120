import type { Presign, SelectFiles, Statement } from './ast.js';
import { rawListLocation, rawPresign, type RawPresign } from './raw-location.js';
import { parsePresignOptions } from './presign-options.js';
import { SqlError } from './sql-error.js';
import type { TokenStream } from './lexer/token-stream.js';

/** Parses what follows `LIST`. */
export function parseList(tokens: TokenStream): SelectFiles {
  const { start } = tokens.peek();
  return parseOrRaw(
    () => {
      const files = selectFiles(tokens.expectLocation(), acceptPattern(tokens));
      tokens.expectEnd();
      return files;
    },
    () => {
      const location = rawListLocation(tokens.sql, start);
      if (location === undefined) return undefined;
      tokens.skipRest();
      return selectFiles(location, undefined);
    },
  );
}

function selectFiles(location: string, pattern: string | undefined): SelectFiles {
  const parameters = new Map([['location', location]]);
  if (pattern !== undefined) parameters.set('pattern', pattern);
  const items = [{ kind: 'all' }] as const;
  return {
    kind: 'select-files',
    parameters,
    items,
    where: undefined,
    groupBy: undefined,
    having: undefined,
    orderBy: [],
    limit: undefined,
    offset: 0,
  };
}

/** Parses what follows `REMOVE`. It has no raw form: a wrong guess would remove other files. */
export function parseRemove(tokens: TokenStream): Statement {
  return { kind: 'remove', location: tokens.expectLocation(), pattern: acceptPattern(tokens) };
}

/** `PATTERN = '…'` */
function acceptPattern(tokens: TokenStream): string | undefined {
  if (tokens.acceptWord('PATTERN') === undefined) return undefined;
  tokens.expectSymbol('=');
  return tokens.expectString();
}

/** Parses what follows `PRESIGN`. */
export function parsePresign(tokens: TokenStream): Presign {
  const action = tokens.acceptWord('DOWNLOAD', 'UPLOAD') === 'UPLOAD' ? 'upload' : 'download';
  const { start } = tokens.peek();
  const parseRaw = (): RawPresign | undefined => {
    const raw = rawPresign(tokens.sql, start);
    if (raw !== undefined) tokens.skipRest();
    return raw;
  };
  const rest = parseOrRaw(() => {
    const location = parsePresignLocation(tokens);
    const raw = isRestComment(tokens) ? parseRaw() : undefined;
    if (raw !== undefined) return raw;
    const options = parsePresignOptions(tokens);
    tokens.expecting('single quotes around a location with spaces');
    tokens.expectEnd();
    return { location, ...options };
  }, parseRaw);
  return { kind: 'presign', action, ...rest };
}

/**
 * Is the rest of the text a comment? Clients send `PRESIGN UPLOAD @s/a -- b.csv` to upload a file `a -- b.csv`. Read as a
 * comment, the upload would replace `a`.
 */
function isRestComment(tokens: TokenStream): boolean {
  const next = tokens.peek();
  const rest = tokens.sql.slice(tokens.endOfPrevious, next.start);
  return next.kind === 'end' && rest.trimStart().startsWith('--');
}

/** `@stage/path` or `'@stage/path'` */
function parsePresignLocation(tokens: TokenStream): string {
  const token = tokens.peek();
  if (token.kind !== 'string') return tokens.expectLocation();
  const location = tokens.expectString();
  if (!location.startsWith('@')) tokens.failAt(token, "a location begins with '@': '@stage/path'");
  return location;
}

/**
 * Parses a statement, or else its raw text. Clients insert file names into statements without quotes. If the statement is not
 * valid SQL, the raw text may still name one file; if not, the syntax error stays.
 */
function parseOrRaw<Result>(parse: () => Result, parseRaw: () => Result | undefined): Result {
  try {
    return parse();
  } catch (error) {
    const raw = error instanceof SqlError ? parseRaw() : undefined;
    if (raw === undefined) throw error;
    return raw;
  }
}
