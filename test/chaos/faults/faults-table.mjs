/** @import { FaultResult } from './faults-case.mjs' */

const TOTALS = ['false SUCCESS', 'orphan', 'failed recovery'];

/**
 * Faults down, calls across; in each cell how often which status was answered, and `!` where something was violated.
 *
 * @param {readonly FaultResult[]} results
 */
export function faultTable(results) {
  const calls = [...new Set(results.map(columnOf))];
  /** @type {Map<string, Map<string, FaultResult[]>>} */
  const rows = new Map();
  for (const result of results) {
    const row = `${result.one.fault}, ${result.one.scope}`;
    /** @type {Map<string, FaultResult[]>} */
    const cells = rows.get(row) ?? new Map();
    rows.set(row, cells);
    cells.set(columnOf(result), [...(cells.get(columnOf(result)) ?? []), result]);
  }
  const lines = [...rows].map(([row, cells]) => [row, ...calls.map((call) => cellOf(cells.get(call) ?? []))]);
  return aligned([['fault', ...calls], ...lines]);
}

/** @param {FaultResult} result */
function columnOf({ one: { call, condition } }) {
  const short = call.replace('MultipartUploads', 'Uploads').replace('MultipartUpload', '');
  return condition === undefined ? short : `${short} if-*`;
}

/** @param {readonly FaultResult[]} results */
function cellOf(results) {
  const counts = new Map();
  for (const { answer, violations } of results) {
    const mark = `${answer.status}${violations.length > 0 ? '!' : ''}`;
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return [...counts].map(([mark, count]) => (count === 1 ? mark : `${count}x${mark}`)).join(' ');
}

/** @param {readonly string[][]} rows */
function aligned(rows) {
  const columns = rows[0]?.keys() ?? [];
  const widths = [...columns].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * How many cases there were, and how many violations of each kind.
 *
 * @param {readonly FaultResult[]} results
 * @returns {Record<string, number>}
 */
export function faultTotals(results) {
  const all = results.flatMap(({ violations }) => violations);
  const counts = TOTALS.map((kind) => [kind, all.filter((one) => one.startsWith(kind)).length]);
  const other = all.filter((one) => !TOTALS.some((kind) => one.startsWith(kind))).length;
  return { cases: results.length, ...Object.fromEntries(counts), other };
}
