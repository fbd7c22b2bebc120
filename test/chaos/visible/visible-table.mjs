import { SIGNS } from './visible-run.mjs';

/** @import { Visibility } from './visible-run.mjs' */

/**
 * A table in Markdown: what each place says of each fault, and after how many seconds.
 * @param {readonly Visibility[]} results
 */
export function visibleTable(results) {
  const rows = results.map(({ fault, signs, seconds, endSeconds }) => [
    fault.name,
    ...SIGNS.map((place) => `${signs[place] ?? 'nothing'} (${told(seconds[place])})`),
    told(endSeconds),
  ]);
  const head = ['fault', ...SIGNS, 'its end'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * The places that have not told a fault, or its end, in time.
 * @param {Visibility} result
 */
export function problemsOf({ fault, seconds, endSeconds }) {
  const silent = SIGNS.filter((place) => seconds[place] === undefined);
  if (silent.length > 0) return [`${fault.name}: not told by ${silent.join(', ')}`];
  return endSeconds === undefined ? [`${fault.name}: its end is not told`] : [];
}

/** @param {number | undefined} seconds */
function told(seconds) {
  return seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`;
}
