import type { Expression } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { parseTypeName } from './type-name.js';

/** A function's name in lower case, and its arguments. */
export interface FunctionCall {
  readonly function: string;
  readonly arguments: readonly Expression[];
}

export interface Operands {
  /** Parses any expression. */
  parse(): Expression;
  /** Parses an expression that ends before IN. */
  parseBeforeIn(): Expression;
}

type Form = (tokens: TokenStream, operands: Operands) => FunctionCall;

/** Calls with keywords between their arguments, as in Databend. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['cast', castForm('cast')],
  ['try_cast', castForm('try_cast')],
  ['trim', trimForm],
  ['substr', substringForm('substr')],
  ['substring', substringForm('substring')],
  ['position', positionForm],
]);

/** Parses the arguments between `(` and `)`. @returns undefined for a function without a form of its own. */
export function parseCallForm(
  name: string,
  tokens: TokenStream,
  operands: Operands,
): FunctionCall | undefined {
  return tokens.isSymbol(')') ? undefined : FORMS.get(name)?.(tokens, operands);
}

/** Parses `CAST(x AS type)`. */
function castForm(name: string): Form {
  return (tokens, operands) => {
    const operand = operands.parse();
    tokens.expectWord('AS');
    return { function: name, arguments: [operand, parseTypeName(tokens)] };
  };
}

/** Parses `TRIM(BOTH 'a' FROM x)`. Without a side it trims both, as in standard SQL. */
function trimForm(tokens: TokenStream, operands: Operands): FunctionCall {
  const side = tokens.acceptWord('BOTH', 'LEADING', 'TRAILING')?.toLowerCase();
  const first = operands.parse();
  if (side === undefined && !tokens.isWord('FROM')) return parsePlainCall('trim', first, tokens, operands);
  tokens.expectWord('FROM');
  return { function: `trim_${side ?? 'both'}`, arguments: [operands.parse(), first] };
}

/** Parses `SUBSTRING(x FROM 2 FOR 3)`. */
function substringForm(name: string): Form {
  return (tokens, operands) => {
    const text = operands.parse();
    if (tokens.acceptWord('FROM') === undefined) return parsePlainCall(name, text, tokens, operands);
    const position = operands.parse();
    const count = tokens.acceptWord('FOR') === undefined ? [] : [operands.parse()];
    return { function: name, arguments: [text, position, ...count] };
  };
}

/** Parses `POSITION('a' IN x)`. */
function positionForm(tokens: TokenStream, operands: Operands): FunctionCall {
  const part = operands.parseBeforeIn();
  if (tokens.acceptWord('IN') === undefined) return parsePlainCall('position', part, tokens, operands);
  return { function: 'position', arguments: [part, operands.parse()] };
}

/** Parses the arguments after the first, separated by commas. */
function parsePlainCall(
  name: string,
  first: Expression,
  tokens: TokenStream,
  operands: Operands,
): FunctionCall {
  const list = [first];
  while (tokens.acceptSymbol(',')) list.push(operands.parse());
  return { function: name, arguments: list };
}
