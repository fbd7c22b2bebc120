import type { Expression } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import { comparisonOf, type Comparer } from './comparison.js';
import { childrenOf } from './expression-children.js';
import { compileCall } from './functions/function-call.js';
import { textOfVariant } from './functions/variant-functions.js';
import { typeOfLiteral } from './literal-type.js';
import type { Compiled, Scope } from './scope.js';
import type { Row, Value } from './table.js';

/** Every row is asked, and there may be millions. */
const MAX_OPERANDS = 1000;

/**
 * @throws SqlError for a column or a function that is not there, for things that cannot be compared, and for a condition
 *   that is too long to be asked of every row.
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

/** The same for what must be true or false. @throws SqlError where it is a text or a time, which is neither. */
export function compileCondition(expression: Expression, scope: Scope): Compiled {
  return truthOf(compileExpression(expression, scope), expression, scope);
}

/** Numbers have a truth in Databend, too. */
const TRUTHS = /^(?:Nullable\()?(?:Boolean|U?Int|Float|Decimal|NULL)/;

function truthOf(compiled: Compiled, { span }: Expression, { sql }: Scope): Compiled {
  if (TRUTHS.test(compiled.type)) return compiled;
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
      return boolean(negation(truth(expression.operand, scope).evaluate));
    case 'is-null': {
      const { evaluate } = compile(expression.operand, scope);
      return boolean((row) => evaluate(row) === null);
    }
    case 'logical':
      return logical(expression, scope);
    case 'comparison':
      return comparison(expression, scope);
    case 'in':
      return membership(expression, scope);
  }
}

function truth(expression: Expression, scope: Scope): Compiled {
  return truthOf(compile(expression, scope), expression, scope);
}

function boolean(evaluate: Compiled['evaluate']): Compiled {
  return { type: 'Boolean', evaluate };
}

function column({ name, span }: Extract<Expression, { kind: 'column' }>, scope: Scope): Compiled {
  const index = scope.columns.findIndex((each) => each.name === name.toLowerCase());
  const column = scope.columns[index];
  if (column === undefined) throw sqlError('Semantic', scope.sql, span, `column ${name} doesn't exist`);
  return { type: column.type, evaluate: (row) => row[index] ?? null };
}

/** SQL's three values: not of NULL is NULL. */
function negation(evaluate: Compiled['evaluate']): Compiled['evaluate'] {
  return (row) => {
    const value = evaluate(row);
    return value === null ? null : !isTrue(value);
  };
}

function logical({ operator, operands }: Extract<Expression, { kind: 'logical' }>, scope: Scope): Compiled {
  const compiled = operands.map((operand) => truth(operand, scope).evaluate);
  const decisive = operator === 'or';
  return boolean((row) => {
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
  const left = comparable(compile(expression.left, scope));
  const right = comparable(compile(expression.right, scope));
  const compare = comparisonOf(expression, scope.sql, [left.type, right.type]);
  return boolean(comparing(compare, left, right));
}

/** A Variant is compared as a text: one that is a string by its content. */
function comparable(compiled: Compiled): Compiled {
  const { type, evaluate } = compiled;
  return type.includes('Variant') ? { type, evaluate: (row) => textOfVariant(evaluate(row)) } : compiled;
}

function membership({ operand, choices, span }: Extract<Expression, { kind: 'in' }>, scope: Scope): Compiled {
  const left = comparable(compile(operand, scope));
  const equals = choices.map((choice) => {
    const right = comparable(compile(choice, scope));
    const equal = { kind: 'comparison', operator: '=', left: operand, right: choice, span } as const;
    return comparing(comparisonOf(equal, scope.sql, [left.type, right.type]), left, right);
  });
  return boolean((row) => {
    let result: Value = false;
    for (const isEqual of equals) {
      const value = isEqual(row);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  });
}

function comparing(compare: Comparer, left: Compiled, right: Compiled): (row: Row) => boolean | null {
  return (row) => {
    const [a, b] = [left.evaluate(row), right.evaluate(row)];
    return a === null || b === null ? null : compare(a, b);
  };
}

/** A row is selected where its condition is true, and neither where it is false nor where it is NULL. */
export function isTrue(value: Value): boolean {
  return typeof value === 'boolean' ? value : Boolean(value) && typeof value !== 'string';
}
