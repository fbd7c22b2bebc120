import type { Span } from '../ast.js';
import { secretSpans } from './secret-spans.js';
import { displayedLine, widthOf, type Window } from './snippet-line.js';
import { SqlError, type SqlErrorKind } from '../sql-error.js';

const LINES_BEFORE = 3;
const MAX_CHARACTERS_AROUND = 60;

/** Creates an error at a place in a text. Databend's clients show its message unchanged. */
export function sqlError(kind: SqlErrorKind, sql: string, span: Span, message: string): SqlError {
  return new SqlError(kind, snippet(sql, span, message), { start: span.start, end: span.end });
}

/**
 * Formats a message as Databend does: the lines up to the place, carets under it, and the message. Cuts long lines around the
 * place, and masks possible secrets with asterisks.
 */
function snippet(sql: string, span: Span, message: string): string {
  const start = Math.min(span.start, sql.trimEnd().length);
  const { before, place } = linesUpTo(sql, start);
  const first = before[0] ?? place;
  const window = windowAround(sql, place, start);
  const secrets = secretSpans(sql, { start: first.start, end: window.end });
  const shown = displayedLine(sql, window, secrets);
  const gutter = String(place.number).length;
  const blank = ' '.repeat(gutter);
  const indent = widthOf(shown.cells, start);
  const carets = start < span.start ? 1 : Math.max(1, widthOf(shown.cells, span.end) - indent);
  const column = characters(sql, place.start, start) + 1;
  return [
    'error: ',
    `${blank} --> SQL:${String(place.number)}:${String(column)}`,
    `${blank} |`,
    ...before.map((line) => {
      const { text } = displayedLine(sql, windowAround(sql, line, line.start), secrets);
      return `${String(line.number).padStart(gutter)} | ${text}`;
    }),
    `${String(place.number)} | ${shown.text}`,
    `${blank} | ${' '.repeat(indent)}${'^'.repeat(carets)} ${message}`,
    '\n',
  ].join('\n');
}

interface Line extends Span {
  readonly number: number;
}

/** Returns the line of a place, and a few lines before it. */
function linesUpTo(sql: string, place: number): { before: readonly Line[]; place: Line } {
  const before: Line[] = [];
  for (let start = 0, number = 1; ; number++) {
    const newline = sql.indexOf('\n', start);
    const end = newline === -1 ? sql.length : newline;
    const line = { number, start, end: sql[end - 1] === '\r' && end > start ? end - 1 : end };
    if (newline === -1 || newline >= place) return { before, place: line };
    before.push(line);
    if (before.length > LINES_BEFORE) before.shift();
    start = newline + 1;
  }
}

/** Returns the displayed part of a line. Never cuts a character in two. */
function windowAround(sql: string, line: Span, place: number): Window {
  const start = Math.max(
    line.start,
    Math.min(place - MAX_CHARACTERS_AROUND, line.end - 2 * MAX_CHARACTERS_AROUND),
  );
  const end = Math.min(line.end, start + 2 * MAX_CHARACTERS_AROUND);
  return { start: wholeCharacter(sql, start), end: wholeCharacter(sql, end), line };
}

function wholeCharacter(sql: string, offset: number): number {
  return isLowSurrogate(sql.charCodeAt(offset)) ? offset - 1 : offset;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}

function characters(sql: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) if (!isLowSurrogate(sql.charCodeAt(at))) count++;
  return count;
}
