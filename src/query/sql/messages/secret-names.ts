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
/** Where a secret is named, misspelt or not, or may stand in a URL. A CONNECTION that is only named has none. */
const SECRET_NAME =
  /secret|secert|scret|toke?n|tokne|passw|paswo|pwd|identified|credential|\bcon+ect?ion\b(?<!\b(?:alter|drop|desc|describe|on|access)\s+con+ect?ion)|[a-z]_?key|_k[ye]{1,3}\b|acc?e?ss?_k|key_?id|:\/\/[^\s'"]*[@?]/gi;
/** No name that is known to be no secret is longer. */
const LONGEST_NAME = 64;
/** How far back a word is looked for that stands before another one. */
const LONGEST_GAP = 20;

/** Where the first name of a secret stands, which is no name of a column, of a file or of another thing. */
export function placeOfSecretName(sql: string): number {
  for (const { index } of sql.matchAll(SECRET_NAME)) {
    const { start, word } = wordAround(sql, index);
    if (!NO_SECRET_NAMES.has(word) && !isOfAPolicy(sql, index) && !isName(sql, start)) return index;
  }
  return Infinity;
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
