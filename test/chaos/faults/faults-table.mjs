const TOTALS = ['false SUCCESS', 'orphan', 'failed recovery'];

/** Faults down, calls across; in each cell how often which status was answered, and `!` where something was violated. */
export function faultTable(results) {
  const calls = [...new Set(results.map(columnOf))];
  const rows = new Map();
  for (const result of results) {
    const row = `${result.one.fault}, ${result.one.scope}`;
    if (!rows.has(row)) rows.set(row, new Map());
    const cells = rows.get(row);
    cells.set(columnOf(result), [...(cells.get(columnOf(result)) ?? []), result]);
  }
  const lines = [...rows].map(([row, cells]) => [row, ...calls.map((call) => cellOf(cells.get(call) ?? []))]);
  return aligned([['fault', ...calls], ...lines]);
}

function columnOf({ one: { call, condition } }) {
  const short = call.replace('MultipartUploads', 'Uploads').replace('MultipartUpload', '');
  return condition === undefined ? short : `${short} if-*`;
}

function cellOf(results) {
  const counts = new Map();
  for (const { answer, violations } of results) {
    const mark = `${answer.status}${violations.length > 0 ? '!' : ''}`;
    counts.set(mark, (counts.get(mark) ?? 0) + 1);
  }
  return [...counts].map(([mark, count]) => (count === 1 ? mark : `${count}x${mark}`)).join(' ');
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** `{ cases, 'false SUCCESS', orphan, 'failed recovery', other }`. */
export function faultTotals(results) {
  const all = results.flatMap(({ violations }) => violations);
  const counts = TOTALS.map((kind) => [kind, all.filter((one) => one.startsWith(kind)).length]);
  const other = all.filter((one) => !TOTALS.some((kind) => one.startsWith(kind))).length;
  return { cases: results.length, ...Object.fromEntries(counts), other };
}
