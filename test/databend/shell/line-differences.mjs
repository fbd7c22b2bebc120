/** Lines that were expected and lines that came instead. `line` is that of the first expected one, else of the one before. @typedef {{ line: number, expected: string[], got: string[] }} LineDifference */

/**
 * The places where two texts differ, by their longest common lines.
 *
 * @param {readonly string[]} expected
 * @param {readonly string[]} got
 * @returns {LineDifference[]}
 */
export function lineDifferences(expected, got) {
  const lengths = commonLengths(expected, got);
  const common = (/** @type {number} */ i, /** @type {number} */ j) => lengths[i]?.[j] ?? 0;
  /** @type {LineDifference[]} */
  const places = [];
  /** @type {LineDifference | undefined} */
  let place;
  for (let i = 0, j = 0; i < expected.length || j < got.length;) {
    if (i < expected.length && j < got.length && expected[i] === got[j]) {
      place = undefined;
      i++;
      j++;
      continue;
    }
    if (place === undefined) places.push((place = { line: i, expected: [], got: [] }));
    const isMissing = i < expected.length && (j === got.length || common(i + 1, j) >= common(i, j + 1));
    if (isMissing) {
      if (place.expected.length === 0) place.line = i + 1;
      place.expected.push(expected[i++] ?? '');
    } else place.got.push(got[j++] ?? '');
  }
  return places;
}

/**
 * How many lines the rests of both texts have in common, by where the rests begin.
 *
 * @param {readonly string[]} a
 * @param {readonly string[]} b
 */
function commonLengths(a, b) {
  const rows = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [row = new Uint32Array(), below = new Uint32Array()] = [rows[i], rows[i + 1]];
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}
