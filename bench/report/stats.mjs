export function median(values) {
  return percentile(values, 0.5);
}

export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

/** Of runs of one round, which saw the same load of the machine: the median of their ratios. */
export function pairedRatio(values, peers) {
  return median(ratiosOf(values, peers));
}

function ratiosOf(values, peers) {
  return values.map((value, round) => value / peers[round]);
}

/** Of two builds: `{ ratio, low, high }`, the median of the ratios within rounds and its 95 % interval, null with too few rounds. */
export function pairedChange(values, before) {
  const ratios = ratiosOf(values, before);
  return { ratio: median(ratios), ...medianInterval(ratios) };
}

/**
 * The 95 % interval of a median by order statistics: each value lies below the true median with probability 1/2, so that the
 * ranks follow a binomial distribution.
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
  return rank === 0 ? { low: null, high: null } : { low: sorted[rank - 1], high: sorted[count - rank] };
}
