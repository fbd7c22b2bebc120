/** Characters of a line, its end not counted. */
const MAX_LINE = 8192;
/** Characters of one text in a line that is too long. */
const MAX_TEXT = 2000;

/**
 * What a terminal, a pager or a log's reader would act on instead of showing it: control characters, as JSON has them or as they are, ends
 * of lines of other alphabets, and marks that turn the direction of a text.
 */
const ACTED_ON = /\\(?:u00[01]|[bfnrt])|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
/** Those, and escapes that only look like one behind a backslash; the end of a line of a stack by itself. */
const ESCAPE_OR_CHARACTER =
  /(\\n(?= {4}at ))|\\(?:u[\da-f]{4}|.)|[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gi;
const CONTROL_CHARACTER = /^\\(?:u00[01]|[bfnrt])/;

/**
 * A line of JSON as it goes to the log: of bounded length, and without a character that could forge another line or move a cursor,
 * also when its texts are shown as they are. Such a character is spelt, as in `\u001b`.
 */
export function loggedLine(line: string): string {
  const harmless = ACTED_ON.test(line) ? line.replace(ESCAPE_OR_CHARACTER, spelt) : line;
  return harmless.length > MAX_LINE + 1 ? shortened(harmless) : harmless;
}

function spelt(escape: string, lineOfStack: string | undefined): string {
  if (lineOfStack !== undefined) return lineOfStack;
  if (escape.length === 1) return `\\\\u${escape.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return CONTROL_CHARACTER.test(escape) ? `\\${escape}` : escape;
}

function shortened(line: string): string {
  const fields = JSON.parse(line) as Record<string, unknown>; // pino has written it
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
