import type { Expression, Literal } from '../ast.js';

/**
 * Evaluates a simple condition without columns, such as `false` or `1 = 0`, which tools send.
 *
 * @returns undefined for any other condition.
 */
export function constantTruth(condition: Expression): boolean | undefined {
  if (condition.kind === 'literal') return truthOf(condition.value);
  if (condition.kind !== 'comparison') return undefined;
  const { left, right, operator } = condition;
  if (left.kind !== 'literal' || right.kind !== 'literal' || typeof left.value !== typeof right.value)
    return undefined;
  if (operator === '=') return left.value === right.value;
  return operator === '<>' ? left.value !== right.value : undefined;
}

function truthOf(value: Literal): boolean | undefined {
  if (value === null) return false;
  return typeof value === 'string' ? undefined : Boolean(value);
}
