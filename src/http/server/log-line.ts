import { withoutCredentials } from '../../common/telemetry/hidden-credentials.js';

/** Maximum length of a line in characters, without its end. */
const MAX_LINE = 8192;
/** Maximum length in characters of each text in a line that is too long. */
const MAX_TEXT = 2000;

/**
 * Characters that a terminal, pager or log reader interprets instead of showing: control characters, escaped as in JSON
 * or raw, other Unicode line ends, and marks that change the direction of text.
 */
const ACTED_ON = /\\(?:u00[01]|[bfnrt])|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/**
 * The same characters, and escapes that only look like one after a backslash. Matches the line ends of a stack
 * separately.
 */
const ESCAPE_OR_CHARACTER =
  /(\\n(?= {4}at ))|\\(?:u[\da-f]{4}|.)|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gi;
const CONTROL_CHARACTER = /^\\(?:u00[01]|[bfnrt])/;

/**
 * Sanitises a JSON line for the log: hides credentials, which clients write into names and URLs by mistake, bounds its length, and
 * escapes characters that could forge another line or move a cursor, even if its texts are later shown unescaped. Example of an
 * escape: `\u001b`.
 */
export function loggedLine(written: string): string {
  const line = withoutCredentials(written);
  const harmless = ACTED_ON.test(line) ? line.replace(ESCAPE_OR_CHARACTER, escapedCharacter) : line;
  return harmless.length > MAX_LINE + 1 ? shortened(harmless) : harmless;
}

function escapedCharacter(escape: string, lineOfStack: string | undefined): string {
  if (lineOfStack !== undefined) return lineOfStack;
  if (escape.length === 1) return `\\\\u${escape.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return CONTROL_CHARACTER.test(escape) ? `\\${escape}` : escape;
}

function shortened(line: string): string {
  const fields = JSON.parse(line) as Record<string, unknown>; // written by pino
  const text = JSON.stringify(fields, (_name, value: unknown) =>
    typeof value === 'string' ? cut(value) : value,
  );
  if (text.length <= MAX_LINE) return `${text}\n`;
  const { level, time, reqId, msg } = fields;
  return `${JSON.stringify({ level, time, reqId, msg: cut(String(msg)), isCut: true })}\n`;
}

function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT)}… (${String(text.length)} characters)`;
}
