import type { Expression } from '../../sql/ast.js';
import { cellOf } from '../cell.js';
import { withoutNull } from '../literal-type.js';
import type { Compiled } from '../scope.js';
import type { Value } from '../table.js';

type Call = Extract<Expression, { kind: 'call' }>;

const TO_TEXT = new Set(['to_string', 'to_varchar', 'to_text']);
const TEXT_TYPES = /^(?:string|varchar|text|char)$/;

/** Compiles `to_string(a)`, `CAST(a AS string)` and `a::varchar`, the only casts. @returns undefined for any other call. */
export function castToText(
  { function: name, arguments: args }: Call,
  compile: (argument: Expression) => Compiled,
): Compiled | undefined {
  const [operand, type] = args;
  if (operand === undefined) return undefined;
  const isCall = TO_TEXT.has(name) && type === undefined;
  const isCast = (name === 'cast' || name === 'try_cast') && isTextType(type);
  if (!isCall && !isCast) return undefined;
  const compiled = compile(operand);
  const result =
    compiled.type === 'NULL' ? 'NULL' : compiled.type.replace(withoutNull(compiled.type), 'String');
  return { type: result, evaluate: (row) => textOf(compiled.evaluate(row)) };
}

function isTextType(type: Expression | undefined): boolean {
  return type?.kind === 'literal' && typeof type.value === 'string' && TEXT_TYPES.test(type.value);
}

/** Writes a value as in a cell, but a Boolean as `true` or `false`. */
function textOf(value: Value): Value {
  return typeof value === 'boolean' ? String(value) : cellOf(value);
}
