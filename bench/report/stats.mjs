/** @param {Iterable<number>} values */
export function median(values) {
  return percentile(values, 0.5);
}

/**
 * @param {Iterable<number>} values
 * @param {number} share from 0 to 1
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  return below + ((sorted[Math.ceil(place)] ?? Number.NaN) - below) * (place % 1);
}

/**
 * Of runs of one round, which saw the same load of the machine: the median of their ratios.
 * @param {readonly number[]} values
 * @param {readonly number[]} peers
 */
export function pairedRatio(values, peers) {
  return median(ratiosOf(values, peers));
}

/**
 * @param {readonly number[]} values
 * @param {readonly number[]} peers
 */
function ratiosOf(values, peers) {
  return values.map((value, round) => value / (peers[round] ?? Number.NaN));
}

/**
 * Of two builds: `{ ratio, low, high }`, the median of the ratios within rounds and its 95 % interval, null with too few rounds.
 * @param {readonly number[]} values
 * @param {readonly number[]} before
 */
export function pairedChange(values, before) {
  const ratios = ratiosOf(values, before);
  return { ratio: median(ratios), ...medianInterval(ratios) };
}

/**
 * The 95 % interval of a median by order statistics: each value lies below the true median with probability 1/2, so that the
 * ranks follow a binomial distribution.
 * @param {readonly number[]} values
 * @returns {{ low: number | null, high: number | null }}
 */
function medianInterval(values) {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  let outside = 0;
  let probability = 2 ** -count;
  let rank = 0;
  while (outside + probability <= 0.025) {
    outside += probability;
    rank += 1;
    probability *= (count - rank + 1) / rank;
  }
  return { low: sorted[rank - 1] ?? null, high: rank === 0 ? null : (sorted[count - rank] ?? null) };
}
