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
  return median(values.map((value, round) => value / peers[round]));
}
