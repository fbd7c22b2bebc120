import { RE2JS } from 're2js';
import { compareByteOrder } from '../../common/byte-order.js';
import { likeMatcher } from '../../common/sql-like.js';
import type { Expression } from '../sql/ast.js';
import { sqlError } from '../sql/sql-snippet.js';
import { isNumeric } from './literal-type.js';
import type { Value } from './table.js';

/** Decides about two values that are not NULL. */
export type Comparer = (left: Value, right: Value) => boolean;

type ComparisonExpression = Extract<Expression, { kind: 'comparison' }>;

/** @throws SqlError where a number meets a text that is none. */
export function comparisonOf(
  expression: ComparisonExpression,
  sql: string,
  types: readonly [string, string],
): Comparer {
  switch (expression.operator) {
    case 'like':
    case 'ilike':
      return likeComparer(expression);
    case 'regexp':
      return regexpComparer(expression, sql);
    default:
      return ordered(expression, sql, types);
  }
}

function likeComparer({ operator, right }: ComparisonExpression): Comparer {
  const options = { ignoreCase: operator === 'ilike' };
  if (right.kind !== 'literal') return (text, pattern) => likeMatcher(String(pattern), options)(String(text));
  const matches = likeMatcher(String(right.value), options);
  return (text) => matches(String(text));
}

/** Of two values of one type, or of a number and a text that holds one. NULL comes last. */
export function compareValues(left: Value, right: Value): number {
  if (left === null || right === null) return Number(left === null) - Number(right === null);
  if (typeof left === 'string' && typeof right === 'string') return compareByteOrder(left, right);
  return Number(left) - Number(right);
}

function ordered(expression: ComparisonExpression, sql: string, types: readonly [string, string]): Comparer {
  const isNumber = types.map(isNumeric);
  if (isNumber[0] !== isNumber[1]) refuseText(expression, sql);
  const isFitting = FITTING[expression.operator as keyof typeof FITTING]; // what is left of the operators here
  return (left, right) => isFitting(compareValues(left, right));
}

const FITTING = {
  '=': (order: number) => order === 0,
  '<>': (order: number) => order !== 0,
  '<': (order: number) => order < 0,
  '<=': (order: number) => order <= 0,
  '>': (order: number) => order > 0,
  '>=': (order: number) => order >= 0,
} as const;

/** A text that is compared with a number must read as one. */
function refuseText({ left, right }: ComparisonExpression, sql: string): void {
  for (const side of [left, right]) {
    const isText = side.kind === 'literal' && typeof side.value === 'string';
    if (isText && (side.value === '' || !Number.isFinite(Number(side.value)))) {
      throw sqlError('Semantic', sql, side.span, 'this text is compared with a number and is none');
    }
  }
}

const MAX_COMPILED_SIZE = 2000;

/** Somewhere in the text, as Databend's REGEXP does. */
function regexpComparer({ right }: ComparisonExpression, sql: string): Comparer {
  if (right.kind !== 'literal' || typeof right.value !== 'string') {
    throw sqlError('Semantic', sql, right.span, 'the regular expression must be a string literal');
  }
  const expression = compileRegexp(right.value);
  if (expression === undefined || expression.programSize() > MAX_COMPILED_SIZE) {
    throw sqlError('Semantic', sql, right.span, 'this is no regular expression, or repeats too much');
  }
  return (text) => expression.matcher(String(text)).find();
}

function compileRegexp(source: string): RE2JS | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
