import { performance } from 'node:perf_hooks';

/** @typedef {(sql: string) => { kind: string }} Parse */
/** @typedef {{ kind: string, message: string, span: { start: number, end: number } }} ParseError */

const MAX_MESSAGE = 8000;
const RETRIES = 3;

/**
 * Parses one statement.
 *
 * @param {Parse} parseStatement
 * @param {string} sql
 * @returns whether it was accepted, and how long that took.
 * @throws Error where something else came of it than a statement or an error of kind `Syntax` about a place in it.
 */
export function checkStatement(parseStatement, sql) {
  const start = performance.now();
  const problem = problemOf(parseStatement, sql);
  const milliseconds = performance.now() - start;
  if (typeof problem === 'string') throw new Error(`${problem}: ${JSON.stringify(sql)}`);
  return { accepted: problem, milliseconds };
}

/**
 * The shortest of several times: a machine may be busy with something else.
 * @param {Parse} parseStatement
 * @param {string} sql
 */
export function bestTimeOf(parseStatement, sql) {
  const times = Array.from({ length: RETRIES }, () => checkStatement(parseStatement, sql).milliseconds);
  return Math.min(...times);
}

/**
 * @param {Parse} parseStatement
 * @param {string} sql
 * @returns what is wrong, else whether the statement was accepted.
 */
function problemOf(parseStatement, sql) {
  try {
    return typeof parseStatement(sql).kind === 'string' ? true : 'no statement came of it';
  } catch (error) {
    if (!isParseError(error)) return `${String(error instanceof Error ? error.stack : error)}\nfor`;
    return problemOfError(error, sql) ?? false;
  }
}

/**
 * @param {unknown} error
 * @returns {error is Error & ParseError}
 */
function isParseError(error) {
  return error instanceof Error && error.constructor.name === 'SqlError';
}

/**
 * @param {ParseError} error
 * @param {string} sql
 */
function problemOfError({ kind, message, span }, sql) {
  if (kind !== 'Syntax') return `an error of kind ${kind}`;
  if (!/^error: \n +--> SQL:\d+:\d+\n/.test(message)) return `a message of another form: ${message}`;
  if (!/\n +\| *\^+ \S[^\n]*\n\n$/.test(message)) return `a message without a place: ${message}`;
  if (message.length > MAX_MESSAGE) return `a message of ${message.length} characters`;
  const isPlace = span.start >= 0 && span.start <= span.end && span.end <= Math.max(sql.length, 1);
  return isPlace ? undefined : `a place outside of the text: ${JSON.stringify(span)}`;
}
