/** @import { Expectation, SortMode } from './logic-file.mjs' */
/** @import { Answer } from '../query-session.mjs' */

/** Stands in expected rows for what differs from run to run. */
const IGNORED = '<slt:ignore>';
/** What the letters of a `query` stand for. Every other type fits every letter, and every other letter every type. */
const LETTERS = [
  { letter: 'B', types: /^Boolean$/ },
  { letter: 'T', types: /^String$/ },
  { letter: 'I', types: /^U?Int\d+$/ },
  { letter: 'R', types: /^(Float\d+|Decimal.*)$/ },
];

/**
 * What a record expects and what it got, where the two differ.
 *
 * @param {Expectation} expectation
 * @param {Answer} answer
 * @returns {{ expected: string[], got: string[] } | undefined}
 */
export function differenceOf(expectation, answer) {
  const { error } = answer;
  if (expectation.kind === 'rows') return differenceOfRows(expectation, answer);
  if (expectation.kind === 'ok') {
    return error === undefined ? undefined : { expected: ['no error'], got: [textOf(error)] };
  }
  const expected = [`error ${expectation.pattern}`];
  if (error === undefined) return { expected, got: ['no error'] };
  return new RegExp(expectation.pattern).test(textOf(error)) ? undefined : { expected, got: [textOf(error)] };
}

/**
 * @param {Extract<Expectation, { kind: 'rows' }>} expectation
 * @param {Answer} answer
 */
function differenceOfRows({ rows, sort }, answer) {
  if (answer.error !== undefined) return { expected: rows, got: [textOf(answer.error)] };
  const cells = answer.rows.map((row) => row.map(shown));
  const got = sorted(cells, sort).map((row) => row.map(withoutBlanks).join(' '));
  const isSame = rows.some((row) => row.includes(IGNORED))
    ? matchesFragments(rows, got)
    : got.length === rows.length && rows.every((row, index) => withoutBlanks(row) === got[index]);
  return isSame ? undefined : { expected: rows, got };
}

/**
 * The columns whose types are not those that a `query` names. Databend's own runner only warns of them.
 *
 * @param {Expectation} expectation
 * @param {Answer} answer
 */
export function typeNotes(expectation, { columns, error }) {
  if (expectation.kind !== 'rows' || error !== undefined) return [];
  return columns.flatMap(({ name, type }, index) => {
    const wanted = expectation.types[index];
    const is = LETTERS.find(({ types }) => types.test(type.replace(/^Nullable\((.*)\)$/, '$1')));
    const isKnown = LETTERS.some(({ letter }) => letter === wanted);
    return is === undefined || !isKnown || is.letter === wanted ? [] : [`${name} is ${type}, not ${wanted}`];
  });
}

/**
 * The text that the pattern of an error is looked for in.
 *
 * @param {NonNullable<Answer['error']>} error
 */
function textOf({ code, message, detail }) {
  return `code: ${code}, Text: ${message}${detail ? `\n${detail}` : ''}`;
}

/** @param {string | null} cell */
function shown(cell) {
  if (cell === null) return 'NULL';
  return cell === '' ? '(empty)' : cell;
}

/** @param {string} text */
function withoutBlanks(text) {
  return text.trim().replace(/[ \t\n\r\f]+/g, ' ');
}

/**
 * @param {string[][]} rows
 * @param {SortMode} mode
 */
function sorted(rows, mode) {
  if (mode === 'nosort') return rows;
  return (mode === 'valuesort' ? rows.flat().map((cell) => [cell]) : [...rows]).sort(compareRows);
}

/**
 * @param {string[]} a
 * @param {string[]} b
 */
function compareRows(a, b) {
  for (const [index, cell] of a.entries()) {
    const order = Buffer.compare(Buffer.from(cell), Buffer.from(b[index] ?? ''));
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * Whether all between the ignored places stands there, in this order.
 *
 * @param {readonly string[]} expected
 * @param {readonly string[]} got
 */
function matchesFragments(expected, got) {
  const text = got.join('\n');
  let from = 0;
  for (const fragment of expected.join('\n').split(IGNORED)) {
    const at = text.indexOf(fragment, from);
    if (at === -1) return false;
    from = at + fragment.length;
  }
  return true;
}
