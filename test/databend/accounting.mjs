/** @import { QueryError } from './query-session.mjs' */

/**
 * A place of Databend's tests where Stagedoor answers something else.
 * @typedef {object} Difference
 * @property {string} file below the checkout: a `.test` of logic tests, or the `.result` of a shell suite
 * @property {number} line of the record, or of the first line of output that differs
 * @property {string} what the statement
 * @property {string[]} expected
 * @property {string[]} got
 * @property {QueryError | undefined} error
 */
/** What came of the records of a file, or of its lines of output. @typedef {{ file: string, checks: number, passed: number, differences: Difference[], notes: string[] }} Outcome */
/** A heading of one of the two pages as an anchor, and a few words that stand below it. @typedef {{ section: string, words: string }} Reason */
/**
 * Differences on purpose of one file. A line must differ; of a range from one line to another, something must.
 * @typedef {{ file: string, lines: readonly (number | readonly [number, number])[], reason: Reason }} Listed
 */
/** Differences on purpose of all files. @typedef {{ name: string, fits: (difference: Difference) => boolean, reason: Reason }} Rule */
/** Output of shell suites that does not count. @typedef {{ name: string, pattern: RegExp, reason: Reason }} LeftOut */
/** @typedef {{ listed: readonly Listed[], rules: readonly Rule[], leftOut: readonly LeftOut[] }} OnPurpose */

/**
 * Which differences of a file are not on purpose, and which that are listed are none any more.
 *
 * @param {Outcome} outcome
 * @param {Pick<OnPurpose, 'listed' | 'rules'>} onPurpose
 */
export function account({ file, differences }, { listed, rules }) {
  const own = listed.filter((entry) => entry.file === file);
  const lines = own.flatMap((entry) => entry.lines);
  const isOnPurpose = (/** @type {Difference} */ difference) =>
    lines.some((place) => covers(place, difference.line)) || rules.some((rule) => rule.fits(difference));
  return {
    unexpected: differences.filter((difference) => !isOnPurpose(difference)),
    stale: lines.filter((place) => !differences.some(({ line }) => covers(place, line))),
  };
}

/**
 * @param {number | readonly [number, number]} place
 * @param {number} line
 */
function covers(place, line) {
  const [from, to] = typeof place === 'number' ? [place, place] : place;
  return from <= line && line <= to;
}
