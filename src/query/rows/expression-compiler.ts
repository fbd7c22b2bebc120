import type { Expression } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import { comparisonOf, type Comparer } from './comparison.js';
import { childrenOf } from './expression-children.js';
import { compileCall } from './functions/function-call.js';
import { textOfVariant } from './functions/variant-functions.js';
import { typeOfLiteral } from './literal-type.js';
import type { Compiled, Scope } from './scope.js';
import type { Row, Value } from './table.js';

/** An expression is evaluated for every row, and there may be millions. */
const MAX_OPERANDS = 1000;

/**
 * Compiles an expression to a function of a row.
 *
 * @throws SqlError for an unknown column or function, for values that cannot be compared, and for too many operands.
 */
export function compileExpression(expression: Expression, scope: Scope): Compiled {
  if (operandsOf(expression) > MAX_OPERANDS) {
    const limit = String(MAX_OPERANDS);
    throw sqlError(
      'Semantic',
      scope.sql,
      expression.span,
      `an expression may have at most ${limit} operands`,
    );
  }
  return compile(expression, scope);
}

/** Compiles a condition. @throws SqlError if it is neither a Boolean nor a number. */
export function compileCondition(expression: Expression, scope: Scope): Compiled {
  return assertCondition(compileExpression(expression, scope), expression, scope);
}

/** Databend accepts numbers as conditions, too. */
const CONDITION_TYPES = /^(?:Nullable\()?(?:Boolean|U?Int|Float|Decimal|NULL)/;

function assertCondition(compiled: Compiled, { span }: Expression, { sql }: Scope): Compiled {
  if (CONDITION_TYPES.test(compiled.type)) return compiled;
  const message = `a condition must be true or false, and this is of type ${compiled.type}`;
  throw sqlError('Semantic', sql, span, message);
}

function operandsOf(expression: Expression): number {
  return childrenOf(expression).reduce((sum, child) => sum + operandsOf(child), 1);
}

function compile(expression: Expression, scope: Scope): Compiled {
  const resolved = scope.resolve?.(expression);
  if (resolved !== undefined) return resolved;
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return { type: typeOfLiteral(value), evaluate: () => value };
    }
    case 'column':
      return column(expression, scope);
    case 'call':
      return compileCall(expression, scope, (argument) => compile(argument, scope));
    case 'not':
      return booleanValue(negation(condition(expression.operand, scope).evaluate));
    case 'is-null': {
      const { evaluate } = compile(expression.operand, scope);
      return booleanValue((row) => evaluate(row) === null);
    }
    case 'logical':
      return logical(expression, scope);
    case 'comparison':
      return comparison(expression, scope);
    case 'in':
      return membership(expression, scope);
  }
}

function condition(expression: Expression, scope: Scope): Compiled {
  return assertCondition(compile(expression, scope), expression, scope);
}

function booleanValue(evaluate: Compiled['evaluate']): Compiled {
  return { type: 'Boolean', evaluate };
}

function column({ name, span }: Extract<Expression, { kind: 'column' }>, scope: Scope): Compiled {
  const index = scope.columns.findIndex((each) => each.name === name.toLowerCase());
  const column = scope.columns[index];
  if (column === undefined) throw sqlError('Semantic', scope.sql, span, `column ${name} doesn't exist`);
  return { type: column.type, evaluate: (row) => row[index] ?? null };
}

/** Three-valued logic of SQL: NOT NULL is NULL. */
function negation(evaluate: Compiled['evaluate']): Compiled['evaluate'] {
  return (row) => {
    const value = evaluate(row);
    return value === null ? null : !isTrue(value);
  };
}

function logical({ operator, operands }: Extract<Expression, { kind: 'logical' }>, scope: Scope): Compiled {
  const compiled = operands.map((operand) => condition(operand, scope).evaluate);
  const decisive = operator === 'or';
  return booleanValue((row) => {
    let result: Value = !decisive;
    for (const evaluate of compiled) {
      const value = evaluate(row);
      if (value === null) result = null;
      else if (isTrue(value) === decisive) return decisive;
    }
    return result;
  });
}

function comparison(expression: Extract<Expression, { kind: 'comparison' }>, scope: Scope): Compiled {
  const left = asComparable(compile(expression.left, scope));
  const right = asComparable(compile(expression.right, scope));
  const compare = comparisonOf(expression, scope.sql, [left.type, right.type]);
  return booleanValue(comparer(compare, left, right));
}

/** Compares a Variant as text: a string by its content, any other value by its JSON. */
function asComparable(compiled: Compiled): Compiled {
  const { type, evaluate } = compiled;
  return type.includes('Variant') ? { type, evaluate: (row) => textOfVariant(evaluate(row)) } : compiled;
}

function membership({ operand, choices, span }: Extract<Expression, { kind: 'in' }>, scope: Scope): Compiled {
  const left = asComparable(compile(operand, scope));
  const comparers = choices.map((choice) => {
    const right = asComparable(compile(choice, scope));
    const equal = { kind: 'comparison', operator: '=', left: operand, right: choice, span } as const;
    return comparer(comparisonOf(equal, scope.sql, [left.type, right.type]), left, right);
  });
  return booleanValue((row) => {
    let result: Value = false;
    for (const isEqual of comparers) {
      const value = isEqual(row);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  });
}

function comparer(compare: Comparer, left: Compiled, right: Compiled): (row: Row) => boolean | null {
  return (row) => {
    const [a, b] = [left.evaluate(row), right.evaluate(row)];
    return a === null || b === null ? null : compare(a, b);
  };
}

/** A row is selected if its condition is true. False and NULL do not select it. */
export function isTrue(value: Value): boolean {
  return typeof value === 'boolean' ? value : Boolean(value) && typeof value !== 'string';
}
