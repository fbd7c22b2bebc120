import { continuesWord } from '../lexer/characters.js';
import { SAFE_NAMES } from './safe-words.js';

/** Words that are followed by the name of an object. */
export const BEFORE_NAMES: ReadonlySet<string> = new Set([
  'STAGE',
  'CONNECTION',
  'EXISTS',
  'USER',
  'ROLE',
  'POLICY',
]);
/**
 * Matches the name of a secret, also a misspelled one. CONNECTION before the name of a connection is not one. `CREATE USER` is one,
 * as a password may stand anywhere behind it, but not as the name of a privilege.
 */
const SECRET_NAME =
  /\b(?:create|replace|alter)\s+user\b(?!\s*(?:,|on\b))|secret|secert|scret|toke?n|tokne|passw|paswo|pwd|identified|credential|\bcon+ect?ion\b(?<!\b(?:alter|drop|desc|describe|on|access)\s+con+ect?ion|\bcreate\s+con+ect?ion(?=\s*(?:,|on\b)))|[a-z]_?key|_k[ye]{1,3}\b|acc?e?ss?_k|key_?id/gi;
/** Matches a URL up to `@`, which may follow a password, or `?`, which begins a query. */
const PLAIN_URL = /[^\s'"@?]*/y;
/** No safe name is longer. */
const MAX_NAME_LENGTH = 64;
/** Characters to search backward for the previous word. */
const MAX_GAP = 20;

/**
 * Finds the first name of a secret, or a URL that may hold one. Ignores names of columns, files and other objects.
 *
 * @returns its offset; Infinity if there is none.
 */
export function indexOfSecretName(sql: string): number {
  return Math.min(firstSecret(sql, namesOfSecrets(sql)), firstSecret(sql, urlsWithUserInfoOrQuery(sql)));
}

function firstSecret(sql: string, places: Iterable<number>): number {
  for (const place of places) {
    const { start, word } = wordAround(sql, place);
    if (!SAFE_NAMES.has(word) && !isPasswordPolicy(sql, place) && !isName(sql, start)) return place;
  }
  return Infinity;
}

function* namesOfSecrets(sql: string): Generator<number> {
  for (const { index } of sql.matchAll(SECRET_NAME)) yield index;
}

/** Reads each character once, even with many URLs in a row. */
function* urlsWithUserInfoOrQuery(sql: string): Generator<number> {
  for (let at = sql.indexOf('://'), end = 0; at !== -1; at = sql.indexOf('://', end)) {
    PLAIN_URL.lastIndex = at;
    end = at + (PLAIN_URL.exec(sql)?.[0].length ?? 0);
    if (sql[end] === '@' || sql[end] === '?') yield at;
  }
}

/** Is it `PASSWORD POLICY`, which has rules and no password? */
function isPasswordPolicy(sql: string, place: number): boolean {
  return /^password\s+polic(?:y|ies)\b/i.test(sql.slice(place, place + MAX_NAME_LENGTH));
}

/** Is it the name of an object, part of `@stage/path`, or part of the pattern of a `LIKE`? */
function isName(sql: string, start: number): boolean {
  const before = sql.slice(Math.max(0, start - MAX_NAME_LENGTH - MAX_GAP), start);
  const [, word = ''] = /([A-Za-z]+)\s{1,20}$/.exec(before) ?? [];
  return (
    BEFORE_NAMES.has(word.toUpperCase()) || /(?:^|[\s'"(])@[^\s'"=]*$|\blike\s{1,20}'[^'=]*$/i.test(before)
  );
}

function wordAround(sql: string, place: number): { readonly start: number; readonly word: string } {
  let start = place;
  while (start > 0 && place - start < MAX_NAME_LENGTH && continuesWord(sql.charCodeAt(start - 1))) start--;
  let end = place;
  while (end < sql.length && end - place < MAX_NAME_LENGTH && continuesWord(sql.charCodeAt(end))) end++;
  return { start, word: sql.slice(start, end).toUpperCase() };
}
