import { boundedExpression, MAX_PATTERN_LENGTH } from '../../common/bounded-expression.js';
import { compareByteOrder } from '../../common/byte-order.js';
import { likeMatcher } from '../../common/sql-like.js';
import type { Expression } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import { isNumeric } from './literal-type.js';
import type { Value } from './table.js';

/** Compares two values that are not NULL. */
export type Comparer = (left: Value, right: Value) => boolean;

type ComparisonExpression = Extract<Expression, { kind: 'comparison' }>;

/** @throws SqlError if a number is compared with a text that is not a number. */
export function comparisonOf(
  expression: ComparisonExpression,
  sql: string,
  types: readonly [string, string],
): Comparer {
  const { operator } = expression;
  if (operator === 'like' || operator === 'ilike') return likeComparer(expression, sql);
  if (operator === 'regexp') return regexpComparer(expression, sql);
  const areNumeric = types.map(isNumeric);
  if (areNumeric[0] !== areNumeric[1]) assertNumericText(expression, sql);
  const holds = PREDICATES[operator];
  return (left, right) => holds(compareValues(left, right));
}

function likeComparer(expression: ComparisonExpression, sql: string): Comparer {
  const matches = likeMatcher(patternOf(expression, sql), { ignoreCase: expression.operator === 'ilike' });
  return (text) => matches(String(text));
}

/** Limits the pattern's length. A match costs the length of the pattern times the length of the text. */
function patternOf({ right }: ComparisonExpression, sql: string): string {
  if (right.kind !== 'literal' || typeof right.value !== 'string') {
    throw sqlError('Semantic', sql, right.span, 'the pattern must be a string literal');
  }
  if (right.value.length <= MAX_PATTERN_LENGTH) return right.value;
  const limit = String(MAX_PATTERN_LENGTH);
  throw sqlError('Semantic', sql, right.span, `the pattern may have at most ${limit} characters`);
}

/** Orders two values of one type, or a number and a numeric text. NULL comes last. */
export function compareValues(left: Value, right: Value): number {
  if (left === right) return 0; // saves a comparison of long equal texts character by character
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === 'string' && typeof right === 'string') return compareByteOrder(left, right);
  if (typeof left === 'bigint' || typeof right === 'bigint')
    return Number(left > right) - Number(left < right);
  return Number(left) - Number(right);
}

const PREDICATES = {
  '=': (order: number) => order === 0,
  '<>': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
} as const;

/** @throws SqlError if a text that is compared with a number is not numeric. */
function assertNumericText({ left, right }: ComparisonExpression, sql: string): void {
  for (const side of [left, right]) {
    const isText = side.kind === 'literal' && typeof side.value === 'string';
    if (isText && (side.value === '' || !Number.isFinite(Number(side.value)))) {
      throw sqlError('Semantic', sql, side.span, 'this text is compared with a number, but is not a number');
    }
  }
}

/** Matches anywhere in the text, as Databend's REGEXP does. */
function regexpComparer(comparison: ComparisonExpression, sql: string): Comparer {
  const bounded = boundedExpression(patternOf(comparison, sql));
  if (bounded.kind !== 'compiled') {
    const { span } = comparison.right;
    throw sqlError('Semantic', sql, span, 'this is not a regular expression, or it repeats too much');
  }
  return (text) => bounded.expression.matcher(String(text)).find();
}
