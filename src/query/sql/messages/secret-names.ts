import { continuesWord } from '../lexer/characters.js';
import { NO_SECRET_NAMES } from './open-words.js';

/** What stands behind them is the name of something. */
export const BEFORE_NAMES: ReadonlySet<string> = new Set([
  'STAGE',
  'CONNECTION',
  'EXISTS',
  'USER',
  'ROLE',
  'POLICY',
]);
/** Where a secret is named, misspelt or not. A CONNECTION that is only named has none. */
const SECRET_NAME =
  /secret|secert|scret|toke?n|tokne|passw|paswo|pwd|identified|credential|\bcon+ect?ion\b(?<!\b(?:alter|drop|desc|describe|on|access)\s+con+ect?ion)|[a-z]_?key|_k[ye]{1,3}\b|acc?e?ss?_k|key_?id/gi;
/** Of a URL, up to what may be a password before it or a query behind it. */
const PLAIN_URL = /[^\s'"@?]*/y;
/** No name that is known to be no secret is longer. */
const LONGEST_NAME = 64;
/** How far back a word is looked for that stands before another one. */
const LONGEST_GAP = 20;

/** Where the first name of a secret stands, or a URL that may hold one, and no name of a column, of a file or of another thing. */
export function placeOfSecretName(sql: string): number {
  return Math.min(firstSecret(sql, namesOfSecrets(sql)), firstSecret(sql, urlsWithMore(sql)));
}

function firstSecret(sql: string, places: Iterable<number>): number {
  for (const place of places) {
    const { start, word } = wordAround(sql, place);
    if (!NO_SECRET_NAMES.has(word) && !isOfAPolicy(sql, place) && !isName(sql, start)) return place;
  }
  return Infinity;
}

function* namesOfSecrets(sql: string): Generator<number> {
  for (const { index } of sql.matchAll(SECRET_NAME)) yield index;
}

/** Each character is read once, however many URLs stand in a row. */
function* urlsWithMore(sql: string): Generator<number> {
  for (let at = sql.indexOf('://'), end = 0; at !== -1; at = sql.indexOf('://', end)) {
    PLAIN_URL.lastIndex = at;
    end = at + (PLAIN_URL.exec(sql)?.[0].length ?? 0);
    if (sql[end] === '@' || sql[end] === '?') yield at;
  }
}

/** `PASSWORD POLICY` holds rules, and no password. */
function isOfAPolicy(sql: string, place: number): boolean {
  return /^password\s+polic(?:y|ies)\b/i.test(sql.slice(place, place + LONGEST_NAME));
}

/** The name of a stage or the like, and part of `@stage/path` or of what a `LIKE` looks for. */
function isName(sql: string, start: number): boolean {
  const before = sql.slice(Math.max(0, start - LONGEST_NAME - LONGEST_GAP), start);
  const [, word = ''] = /([A-Za-z]+)\s{1,20}$/.exec(before) ?? [];
  return (
    BEFORE_NAMES.has(word.toUpperCase()) || /(?:^|[\s'"(])@[^\s'"=]*$|\blike\s{1,20}'[^'=]*$/i.test(before)
  );
}

function wordAround(sql: string, place: number): { readonly start: number; readonly word: string } {
  let start = place;
  while (start > 0 && place - start < LONGEST_NAME && continuesWord(sql.charCodeAt(start - 1))) start--;
  let end = place;
  while (end < sql.length && end - place < LONGEST_NAME && continuesWord(sql.charCodeAt(end))) end++;
  return { start, word: sql.slice(start, end).toUpperCase() };
}
