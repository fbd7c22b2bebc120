import type { Comparison, Expression, Span } from '../ast.js';
import { contentOfQuotedName } from '../lexer/literal-text.js';
import { endsExpression } from '../lexer/clause-words.js';
import type { TokenStream } from '../lexer/token-stream.js';
import { parseCallForm, type Operands } from './call-forms.js';
import { parseTypeName } from './type-name.js';

/** Deeper than people write, and shallow enough for recursive functions over the tree. */
export const MAX_DEPTH = 200;
/** Operators in sequence make the tree deeper, too. */
const MAX_CHAIN = 1000;

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['=', '='],
  ['==', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const WORD_COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ['LIKE', 'like'],
  ['ILIKE', 'ilike'],
  ['REGEXP', 'regexp'],
  ['RLIKE', 'regexp'],
]);
/** Operators with Databend's names of them, weakest first. */
const ARITHMETIC: readonly ReadonlyMap<string, string>[] = [
  new Map([
    ['||', 'concat'],
    ['+', 'plus'],
    ['-', 'minus'],
  ]),
  new Map([
    ['*', 'multiply'],
    ['/', 'divide'],
    ['%', 'modulo'],
  ]),
];

/** Parses expressions by recursive descent, weakest operators first. */
export class ExpressionParser {
  readonly #tokens: TokenStream;
  readonly #tables: ReadonlySet<string>;
  readonly #operands: Operands = {
    parse: () => this.parse(),
    parseBeforeIn: () => this.#nested(() => this.#arithmetic()),
  };
  #depth = 0;
  #chainLength = 0;
  #betweenCount = 0;

  /** @param tables names that are allowed before the dot of `table.column`, in lower case. */
  constructor(tokens: TokenStream, tables: ReadonlySet<string> = new Set()) {
    this.#tokens = tokens;
    this.#tables = tables;
  }

  parse(): Expression {
    return this.#nested(() => this.#logical('or', () => this.#logical('and', () => this.#negation())));
  }

  parseList(): readonly Expression[] {
    const list = [this.parse()];
    while (this.#tokens.acceptSymbol(',')) list.push(this.parse());
    return list;
  }

  #nested(parse: () => Expression): Expression {
    if (++this.#depth > MAX_DEPTH) {
      const message = `this is nested too deeply: at most ${String(MAX_DEPTH)} levels are allowed`;
      this.#tokens.failAt(this.#tokens.peek(), message);
    }
    const expression = parse();
    this.#depth--;
    return expression;
  }

  #logical(operator: 'and' | 'or', parse: () => Expression): Expression {
    const first = parse();
    const operands = [first];
    while (this.#tokens.acceptWord(operator.toUpperCase()) !== undefined) operands.push(parse());
    if (operands.length === 1) return first;
    return { kind: 'logical', operator, operands, span: this.#spanFrom(first.span) };
  }

  #negation(): Expression {
    const start = this.#tokens.peek();
    if (this.#tokens.acceptWord('NOT') === undefined) return this.#predicate();
    const operand = this.#nested(() => this.#negation());
    return { kind: 'not', operand, span: this.#spanFrom(start) };
  }

  /** Parses `a IS [NOT] NULL`, which binds weaker than comparisons. */
  #predicate(): Expression {
    const operand = this.#comparison();
    if (this.#tokens.acceptWord('IS') === undefined) return operand;
    const isNot = this.#tokens.acceptWord('NOT') !== undefined;
    this.#tokens.expectWord('NULL');
    const span = this.#spanFrom(operand.span);
    return negatedIf(isNot, { kind: 'is-null', operand, span });
  }

  #comparison(): Expression {
    const countBefore = this.#betweenCount;
    const left = this.#arithmetic();
    const symbol = this.#acceptComparison();
    if (symbol !== undefined) return this.#compared(symbol, left, this.#arithmetic());
    const isNot = this.#tokens.acceptWord('NOT') !== undefined;
    const word = this.#tokens.acceptWord('LIKE', 'ILIKE', 'REGEXP', 'RLIKE', 'IN', 'BETWEEN');
    if (word === undefined) return isNot ? this.#tokens.fail() : left;
    if (word === 'IN') return negatedIf(isNot, this.#membership(left));
    if (word === 'BETWEEN') return negatedIf(isNot, this.#range(left, this.#betweenCount > countBefore));
    const operator = WORD_COMPARISONS.get(word) ?? 'like';
    return negatedIf(isNot, this.#compared(operator, left, this.#arithmetic()));
  }

  #acceptComparison(): Comparison | undefined {
    for (const [symbol, operator] of COMPARISONS) {
      if (this.#tokens.isSymbol(symbol)) {
        this.#tokens.take();
        return operator;
      }
    }
    this.#tokens.expecting('an operator');
    return undefined;
  }

  #compared(operator: Comparison, left: Expression, right: Expression): Expression {
    return { kind: 'comparison', operator, left, right, span: this.#spanFrom(left.span) };
  }

  #membership(operand: Expression): Expression {
    this.#tokens.expectSymbol('(');
    const choices = this.parseList();
    this.#tokens.expectSymbol(')');
    return { kind: 'in', operand, choices, span: this.#spanFrom(operand.span) };
  }

  /** Copies the operand to both comparisons. A range in the operand is refused: each level would double the work. */
  #range(operand: Expression, hasRange: boolean): Expression {
    if (hasRange) this.#tokens.failAt(operand.span, 'BETWEEN cannot stand on the left side of BETWEEN');
    this.#betweenCount++;
    const low = this.#arithmetic();
    this.#tokens.expectWord('AND');
    const high = this.#arithmetic();
    const span = this.#spanFrom(operand.span);
    const operands: readonly Expression[] = [
      { kind: 'comparison', operator: '>=', left: operand, right: low, span },
      { kind: 'comparison', operator: '<=', left: operand, right: high, span },
    ];
    return { kind: 'logical', operator: 'and', operands, span };
  }

  #arithmetic(level = 0): Expression {
    const operators = ARITHMETIC[level];
    if (operators === undefined) return this.#signed();
    let left = this.#arithmetic(level + 1);
    for (;;) {
      const token = this.#tokens.peek();
      const name = token.kind === 'symbol' ? operators.get(this.#tokens.text(token)) : undefined;
      if (name === undefined) return left;
      this.#tokens.take();
      this.#countChained();
      const right = this.#arithmetic(level + 1);
      left = { kind: 'call', function: name, arguments: [left, right], span: this.#spanFrom(left.span) };
    }
  }

  #signed(): Expression {
    const start = this.#tokens.peek();
    const isMinus = this.#tokens.isSymbol('-');
    if (!isMinus && !this.#tokens.isSymbol('+')) return this.#cast();
    this.#tokens.take();
    const operand = this.#nested(() => this.#signed());
    const span = this.#spanFrom(start);
    if (!isMinus) return { ...operand, span };
    if (operand.kind === 'literal' && typeof operand.value === 'number') {
      return { kind: 'literal', value: -operand.value, span };
    }
    return { kind: 'call', function: 'minus', arguments: [operand], span };
  }

  /** Parses `a::type`, and paths into a Variant: `a:b.c['d'][0]`. */
  #cast(): Expression {
    let operand = this.#primary();
    for (;;) {
      if (this.#tokens.isSymbol('::')) {
        this.#tokens.take();
        this.#countChained();
        const type = parseTypeName(this.#tokens);
        const span = this.#spanFrom(operand.span);
        operand = { kind: 'call', function: 'cast', arguments: [operand, type], span };
        continue;
      }
      const key = this.#acceptKey(operand);
      if (key === undefined) return operand;
      this.#countChained();
      operand = {
        kind: 'call',
        function: 'get',
        arguments: [operand, key],
        span: this.#spanFrom(operand.span),
      };
    }
  }

  /** Accepts a step of a path: `:name`, `:'name'`, `['name']` or `[0]`; after the first step also `.name`. */
  #acceptKey(operand: Expression): Expression | undefined {
    const start = this.#tokens.peek();
    const isPath = operand.kind === 'call' && operand.function === 'get';
    if (this.#tokens.isSymbol('[')) {
      this.#tokens.take();
      const isIndex = this.#tokens.peek().kind === 'number';
      const value = isIndex ? this.#tokens.expectInteger() : this.#tokens.expectString();
      this.#tokens.expectSymbol(']');
      return this.#literal(this.#spanFrom(start), value);
    }
    if (!this.#tokens.isSymbol(':') && !(isPath && this.#tokens.isSymbol('.'))) return undefined;
    this.#tokens.take();
    const isString = this.#tokens.peek().kind === 'string';
    const value = isString ? this.#tokens.expectString() : this.#tokens.expectName('the name of a field');
    return this.#literal(this.#spanFrom(start), value);
  }

  #primary(): Expression {
    const token = this.#tokens.peek();
    if (token.kind === 'string') return this.#literal(token, this.#tokens.expectString());
    if (token.kind === 'number') {
      const text = this.#tokens.text(this.#tokens.take()).replaceAll('_', '');
      const value = Number(text);
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        this.#tokens.failAt(token, `a whole number may be at most ${String(Number.MAX_SAFE_INTEGER)} here`);
      }
      return this.#literal(token, value);
    }
    if (token.kind === 'quoted') return this.#column();
    if (token.kind === 'word') return this.#wordExpression();
    if (this.#tokens.acceptSymbol('(')) {
      const expression = this.parse();
      this.#tokens.expectSymbol(')');
      return { ...expression, span: this.#spanFrom(token) };
    }
    return this.#failWithoutOperand();
  }

  #wordExpression(): Expression {
    const token = this.#tokens.peek();
    if (endsExpression(this.#tokens.text(token))) return this.#failWithoutOperand();
    const literal = this.#tokens.acceptWord('TRUE', 'FALSE', 'NULL');
    if (literal !== undefined) return this.#literal(token, literal === 'NULL' ? null : literal === 'TRUE');
    return this.#tokens.isSymbol('(', 1) ? this.#call() : this.#column();
  }

  #failWithoutOperand(): never {
    this.#tokens.expecting('an expression');
    return this.#tokens.fail();
  }

  #literal(span: Span, value: string | number | boolean | null): Expression {
    return { kind: 'literal', value, span: { start: span.start, end: span.end } };
  }

  #call(): Expression {
    const start = this.#tokens.take();
    const name = this.#tokens.text(start).toLowerCase();
    this.#tokens.expectSymbol('(');
    const call = parseCallForm(name, this.#tokens, this.#operands) ?? {
      function: name,
      arguments: this.#arguments(name),
    };
    this.#tokens.expectSymbol(')');
    return { kind: 'call', ...call, span: this.#spanFrom(start) };
  }

  #arguments(name: string): readonly Expression[] {
    const isCountOfAll = name === 'count' && this.#tokens.acceptSymbol('*');
    return isCountOfAll || this.#tokens.isSymbol(')') ? [] : this.parseList();
  }

  #column(): Expression {
    const start = this.#tokens.peek();
    let name = this.#identifier();
    while (this.#tokens.isSymbol('.')) {
      if (!this.#tables.has(name.toLowerCase())) {
        const span = { start: start.start, end: this.#tokens.endOfPrevious };
        this.#tokens.failAt(span, `\`${name.slice(0, 40)}\` is not the name of a table here`);
      }
      this.#tokens.take();
      name = this.#identifier();
    }
    return { kind: 'column', name, span: this.#spanFrom(start) };
  }

  /** Parses a name: in lower case unless quoted. */
  #identifier(): string {
    const token = this.#tokens.peek();
    if (token.kind === 'quoted') return contentOfQuotedName(this.#tokens.text(this.#tokens.take()));
    return (this.#tokens.acceptPlainName('a column') ?? this.#tokens.fail()).toLowerCase();
  }

  #countChained(): void {
    if (++this.#chainLength > MAX_CHAIN) {
      const message = `there are too many operators: at most ${String(MAX_CHAIN)} are allowed`;
      this.#tokens.failAt(this.#tokens.peek(), message);
    }
  }

  #spanFrom(start: Span): Span {
    return { start: start.start, end: this.#tokens.endOfPrevious };
  }
}

function negatedIf(isNot: boolean, operand: Expression): Expression {
  return isNot ? { kind: 'not', operand, span: operand.span } : operand;
}
