/**
 * One number of the table. `valueOf(name)` gives it for a build of Stagedoor; `goal` is `{ atMost }`, `{ atLeast }` or
 * nothing, where it is for the record alone.
 */
export function figure(context, { what, unit, goal = {}, valueOf, detailOf = () => '' }) {
  const [current, before] = context.builds.map(({ name }) => name);
  const value = valueOf(current);
  return {
    what,
    unit,
    ...goal,
    value,
    isMet: isMet(goal, value),
    detail: detailOf(current),
    ...(before === undefined ? {} : { before: valueOf(before), beforeDetail: detailOf(before) }),
  };
}

function isMet({ atMost, atLeast }, value) {
  if (atMost !== undefined) return value <= atMost;
  if (atLeast !== undefined) return value >= atLeast;
  return null;
}

/** The figure that a value is a goal's share of: 1 where it is met exactly, less is better. */
export function shareOfGoal({ atMost, atLeast, value }) {
  if (atMost !== undefined) return value / atMost;
  if (atLeast !== undefined) return atLeast / value;
  return null;
}

export function number(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
