import type { Expression } from '../ast.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { parseTypeName } from './type-name.js';

/** A function by its name, in lower case, and what it is called with. */
export interface Called {
  readonly function: string;
  readonly arguments: readonly Expression[];
}

export interface Operands {
  /** Any expression. */
  parse(): Expression;
  /** One that ends before IN. */
  parseBeforeIn(): Expression;
}

type Form = (tokens: TokenStream, operands: Operands) => Called;

/** Calls whose arguments are parted by words, as in Databend. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['cast', castForm('cast')],
  ['try_cast', castForm('try_cast')],
  ['trim', trimForm],
  ['substr', substringForm('substr')],
  ['substring', substringForm('substring')],
  ['position', positionForm],
]);

/** Behind the `(` of a call, up to its `)`; undefined for a function that is called as any other. */
export function parseCallForm(name: string, tokens: TokenStream, operands: Operands): Called | undefined {
  return tokens.isSymbol(')') ? undefined : FORMS.get(name)?.(tokens, operands);
}

/** `CAST(x AS type)` */
function castForm(name: string): Form {
  return (tokens, operands) => {
    const operand = operands.parse();
    tokens.expectWord('AS');
    return { function: name, arguments: [operand, parseTypeName(tokens)] };
  };
}

/** `TRIM(BOTH 'a' FROM x)`; without a side it is both, as in standard SQL. */
function trimForm(tokens: TokenStream, operands: Operands): Called {
  const side = tokens.acceptWord('BOTH', 'LEADING', 'TRAILING')?.toLowerCase();
  const first = operands.parse();
  if (side === undefined && !tokens.isWord('FROM')) return called('trim', first, tokens, operands);
  tokens.expectWord('FROM');
  return { function: `trim_${side ?? 'both'}`, arguments: [operands.parse(), first] };
}

/** `SUBSTRING(x FROM 2 FOR 3)` */
function substringForm(name: string): Form {
  return (tokens, operands) => {
    const text = operands.parse();
    if (tokens.acceptWord('FROM') === undefined) return called(name, text, tokens, operands);
    const position = operands.parse();
    const count = tokens.acceptWord('FOR') === undefined ? [] : [operands.parse()];
    return { function: name, arguments: [text, position, ...count] };
  };
}

/** `POSITION('a' IN x)` */
function positionForm(tokens: TokenStream, operands: Operands): Called {
  const part = operands.parseBeforeIn();
  if (tokens.acceptWord('IN') === undefined) return called('position', part, tokens, operands);
  return { function: 'position', arguments: [part, operands.parse()] };
}

/** As any other function, from behind its first argument on. */
function called(name: string, first: Expression, tokens: TokenStream, operands: Operands): Called {
  const list = [first];
  while (tokens.acceptSymbol(',')) list.push(operands.parse());
  return { function: name, arguments: list };
}
