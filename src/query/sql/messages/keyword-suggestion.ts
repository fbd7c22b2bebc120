const MAX_DISTANCE = 2;

/** The keyword that was most likely meant: at most two letters off, and most of them right. */
export function nearestKeyword(written: string, keywords: readonly string[]): string | undefined {
  const word = written.toUpperCase();
  let best: string | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const keyword of keywords) {
    if (Math.abs(keyword.length - word.length) > MAX_DISTANCE) continue;
    const distance = editDistance(word, keyword);
    if (distance < bestDistance && distance < keyword.length / 2) {
      best = keyword;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters to insert, remove or replace; both are short. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let at = 1; at <= from.length; at++) {
    const next = [at];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (from[at - 1] === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
