import type { Expression, Statement } from '../../../../src/query/sql/ast.js';
import { parseStatement } from '../../../../src/query/sql/parser.js';

/** A statement for a table of cases: without spans and what is undefined, its maps as objects, its expressions as text. */
export function plain(sql: string): unknown {
  const json = JSON.stringify(parseStatement(sql), (_key, value: unknown): unknown => {
    if (value instanceof Map) return Object.fromEntries(value.entries()) as unknown;
    return isExpression(value) ? written(value) : value;
  });
  return JSON.parse(json) as unknown;
}

function isExpression(value: unknown): value is Expression {
  return typeof value === 'object' && value !== null && 'span' in value;
}

/** An expression with all its parentheses. */
export function written(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'column':
      return expression.name;
    case 'call':
      return `${expression.function}(${expression.arguments.map(written).join(', ')})`;
    case 'not':
      return `(not ${written(expression.operand)})`;
    case 'is-null':
      return `(${written(expression.operand)} is null)`;
    case 'logical':
      return `(${expression.operands.map(written).join(` ${expression.operator} `)})`;
    case 'comparison':
      return `(${written(expression.left)} ${expression.operator} ${written(expression.right)})`;
    case 'in':
      return `(${written(expression.operand)} in [${expression.choices.map(written).join(', ')}])`;
  }
}

/** The statement of a text that must be of that kind. */
export function parsedAs<Kind extends Statement['kind']>(
  kind: Kind,
  sql: string,
): Extract<Statement, { kind: Kind }> {
  const statement = parseStatement(sql);
  if (statement.kind !== kind) throw new TypeError(`${sql} is a ${statement.kind}`);
  // The kind has just been compared.
  return statement as Extract<Statement, { kind: Kind }>;
}
