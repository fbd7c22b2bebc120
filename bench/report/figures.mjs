import { pairedChange } from './stats.mjs';

/** A row is slower when the whole 95 % interval of its change lies below this. CONTRIBUTING.md, "Slower". */
const SLOWER_BELOW = 0.97;

/**
 * One number of the table. `valueOf(name)` gives it for a build of Stagedoor; `goal` is `{ atMost }`, `{ atLeast }` or
 * nothing, where it is for the record alone. `speedsOf(name)`, by round and the more the better, tells whether two builds differ.
 */
export function figure(context, { what, unit, goal = {}, valueOf, detailOf = () => '', speedsOf }) {
  const [current, before] = context.builds.map(({ name }) => name);
  const value = valueOf(current);
  return {
    what,
    unit,
    ...goal,
    value,
    isMet: isMet(goal, value),
    detail: detailOf(current),
    ...(before === undefined
      ? {}
      : { beforeName: before, before: valueOf(before), beforeDetail: detailOf(before) }),
    ...(before === undefined || speedsOf === undefined
      ? {}
      : { change: changeOf(speedsOf(current), speedsOf(before)) }),
  };
}

function changeOf(current, before) {
  const change = pairedChange(current, before);
  return { ...change, isSlower: change.high !== null && change.high < SLOWER_BELOW };
}

/** Speeds of runs that took so long. */
export function speedsFrom(seconds) {
  return seconds.map((value) => 1 / value);
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

/** Such as `0.99x (0.97 to 1.02)`. */
export function changeText({ change }) {
  if (change === undefined) return '';
  const { ratio, low, high, isSlower } = change;
  const interval = low === null ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;
  return `${ratio.toFixed(3)}x${interval}${isSlower ? ' SLOWER' : ''}`;
}

export function number(value) {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
