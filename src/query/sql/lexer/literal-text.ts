const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  "'": "'",
  '"': '"',
  '\\': '\\',
};
const MAX_CODE_POINT = 0x10ffff;

/**
 * Decodes the content of `'…'`. A backslash before a character without an escape stays, so that patterns like `'\d'` need no
 * double backslash.
 *
 * @returns undefined if an escape is invalid.
 */
export function contentOfString(text: string): string | undefined {
  const inner = text.slice(1, -1);
  if (!inner.includes('\\')) return inner.replaceAll("''", "'");
  let content = '';
  for (let at = 0; at < inner.length;) {
    const backslash = nextBackslash(inner, at);
    content += inner.slice(at, backslash).replaceAll("''", "'");
    if (backslash === inner.length) return content;
    const escape = escapeAt(inner, backslash + 1);
    if (escape === undefined) return undefined;
    content += escape.content;
    at = escape.end;
  }
  return content;
}

function nextBackslash(inner: string, from: number): number {
  const backslash = inner.indexOf('\\', from);
  return backslash === -1 ? inner.length : backslash;
}

interface Escape {
  readonly content: string;
  readonly end: number;
}

function escapeAt(inner: string, at: number): Escape | undefined {
  const character = inner.charAt(at);
  const simple = ESCAPES[character];
  if (simple !== undefined) return { content: simple, end: at + 1 };
  if (character === 'u') return codePointEscape(inner, at + 1, { digits: 4, base: 16 });
  if (character === 'x') return codePointEscape(inner, at + 1, { digits: 2, base: 16 });
  if (character >= '0' && character <= '7')
    return codePointEscape(inner, at, { digits: octalDigits(inner, at), base: 8 });
  return { content: `\\${character}`, end: at + 1 };
}

function octalDigits(inner: string, from: number): number {
  let end = from;
  while (inner.charAt(end) >= '0' && inner.charAt(end) <= '7') end++;
  return end - from;
}

function codePointEscape(
  inner: string,
  from: number,
  form: { digits: number; base: 8 | 16 },
): Escape | undefined {
  const end = from + form.digits;
  const digits = inner.slice(from, end);
  const allowed = form.base === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  if (digits.length !== form.digits || !allowed.test(digits)) return undefined;
  const code = Number.parseInt(digits, form.base);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > MAX_CODE_POINT ? undefined : { content: String.fromCodePoint(code), end };
}

/** Decodes the content of `"…"` or `` `…` ``. */
export function contentOfQuotedName(text: string): string {
  const inner = text.slice(1, -1);
  return text.startsWith('"') ? inner.replaceAll('""', '"') : inner;
}

/** Decodes `@stage/path`: removes the backslashes before white space, quotes and backslashes. */
export function contentOfLocation(text: string): string {
  return text.replaceAll(/\\([ \t'"\\])/g, '$1');
}

/** Writes a string as Databend does: `'…'`. */
export function quotedString(content: string): string {
  return `'${content.replaceAll(/[\\'\p{Cc}]/gu, escaped)}'`;
}

const NAMED_ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\r': '\\r',
  '\n': '\\n',
  '\\': '\\\\',
  "'": "\\'",
};

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0x7f) return character;
  return NAMED_ESCAPES[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}
