import type { Expression } from '../sql/ast.js';

/** Returns the direct operands of an expression. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'call':
      return expression.arguments;
    case 'not':
    case 'is-null':
      return [expression.operand];
    case 'logical':
      return expression.operands;
    case 'comparison':
      return [expression.left, expression.right];
    case 'in':
      return [expression.operand, ...expression.choices];
  }
}
