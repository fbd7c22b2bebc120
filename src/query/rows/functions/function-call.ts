import type { Expression } from '../../sql/ast.js';
import { sqlError } from '../../sql/messages/sql-snippet.js';
import { AGGREGATE_FUNCTIONS } from '../aggregates/aggregate-function.js';
import { nullable, withoutNull } from '../literal-type.js';
import type { Compiled, QueryFacts, Scope } from '../scope.js';
import type { Value } from '../table.js';
import { castToText } from './cast.js';
import { ROLE_FUNCTIONS, roleFunction } from './role-functions.js';
import type { ArgumentKind, ScalarFunction } from './scalar-function.js';
import { TEXT_FUNCTIONS } from './text-functions.js';
import { VARIANT_FUNCTIONS } from './variant-functions.js';

type Call = Extract<Expression, { kind: 'call' }>;
type Compile = (argument: Expression) => Compiled;

/** Characters of a function's result. Without a limit, nested functions could fill the memory with one row. */
const MAX_CHARACTERS = 32_768;

const FACTS: ReadonlyMap<string, Exclude<keyof QueryFacts, 'roles' | 'expandRoles'>> = new Map([
  ['version', 'version'],
  ['user', 'user'],
  ['current_user', 'user'],
  ['currentuser', 'user'],
  ['session_user', 'user'],
  ['current_role', 'role'],
  ['current_catalog', 'catalog'],
  ['catalog', 'catalog'],
  ['current_database', 'database'],
  ['database', 'database'],
  ['schema', 'database'],
  ['connection_id', 'sessionId'],
]);
const FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map([...TEXT_FUNCTIONS, ...VARIANT_FUNCTIONS]);

const ARGUMENT_TYPES: Readonly<Record<ArgumentKind, RegExp>> = {
  text: /^(?:String|NULL)$/,
  integer: /^(?:U?Int\d+|NULL)$/,
  length: /^(?:UInt\d+|NULL)$/,
  variant: /^(?:Variant|NULL)$/,
  key: /^(?:String|U?Int\d+|NULL)$/,
};
const DESCRIPTIONS: Readonly<Record<ArgumentKind, string>> = {
  text: 'a text',
  integer: 'a whole number',
  length: 'a whole number that is not negative',
  variant: 'a Variant',
  key: 'a text or a whole number',
};

/** Compiles a call. @throws SqlError for an unknown function, and for arguments that do not fit it. */
export function compileCall(call: Call, scope: Scope, compile: Compile): Compiled {
  const fact = FACTS.get(call.function);
  if (fact !== undefined && call.arguments.length === 0) {
    const value = scope.facts[fact];
    return { type: 'String', evaluate: () => value };
  }
  const ofRoles = roleFunction(call, scope, compile);
  if (ofRoles !== undefined) return ofRoles;
  const cast = castToText(call, compile);
  if (cast !== undefined) return cast;
  const scalarFunction = FUNCTIONS.get(call.function);
  if (scalarFunction === undefined || !acceptsCount(scalarFunction, call.arguments.length))
    throw unknownFunction(call, scope);
  const compiled = call.arguments.map((argument, index) => {
    const each = compile(argument);
    assertType(kindAt(scalarFunction, index), { type: each.type, argument, call }, scope);
    return each;
  });
  return applyFunction(scalarFunction, compiled, tooLong(call, scope));
}

function acceptsCount(
  { parameters, minArguments = parameters.length, isVariadic }: ScalarFunction,
  count: number,
): boolean {
  return count >= minArguments && (isVariadic === true || count <= parameters.length);
}

function kindAt({ parameters }: ScalarFunction, index: number): ArgumentKind {
  // Every function has a parameter; the last one repeats.
  return parameters[index] ?? parameters[parameters.length - 1] ?? 'text';
}

function assertType(
  kind: ArgumentKind,
  { type, argument, call }: { type: string; argument: Expression; call: Call },
  { sql }: Scope,
): void {
  if (ARGUMENT_TYPES[kind].test(withoutNull(type))) return;
  const message = `${call.function}() takes ${DESCRIPTIONS[kind]} here, and this is of type ${type}`;
  throw sqlError('Semantic', sql, argument.span, message);
}

function applyFunction(
  scalarFunction: ScalarFunction,
  compiled: readonly Compiled[],
  tooLong: () => Error,
): Compiled {
  const evaluates = compiled.map(({ evaluate }) => evaluate);
  return {
    type: resultType(scalarFunction, compiled),
    evaluate: (row) => {
      const values: Value[] = [];
      for (const evaluate of evaluates) {
        const value = evaluate(row);
        if (value === null) return null;
        values.push(value);
      }
      if (scalarFunction.resultLength !== undefined && scalarFunction.resultLength(values) > MAX_CHARACTERS)
        throw tooLong();
      return scalarFunction.apply(values);
    },
  };
}

function resultType({ type, mayBeNull: givesNull }: ScalarFunction, compiled: readonly Compiled[]): string {
  if (compiled.some((each) => each.type === 'NULL')) return 'NULL';
  const mayBeNull = givesNull === true || compiled.some((each) => each.type.startsWith('Nullable('));
  return mayBeNull ? nullable(type) : type;
}

function tooLong(call: Call, { sql }: Scope): () => Error {
  const message = `the text of ${call.function}() may have at most ${String(MAX_CHARACTERS)} characters`;
  return () => sqlError('Semantic', sql, call.span, message);
}

/** Creates an error that lists the known functions. */
export function unknownFunction(call: Call, { sql }: Scope): Error {
  const least = call.function === 'count' ? 0 : 1;
  const isAggregate = call.arguments.length === 1 || call.arguments.length === least;
  if (AGGREGATE_FUNCTIONS.has(call.function) && isAggregate) {
    return sqlError(
      'Semantic',
      sql,
      call.span,
      `${call.function}() is an aggregate, which cannot stand here`,
    );
  }
  const names = [
    ...[...FACTS.keys(), ...ROLE_FUNCTIONS],
    ...[...AGGREGATE_FUNCTIONS.keys(), ...FUNCTIONS.keys(), 'to_string'],
  ];
  return sqlError(
    'UnknownFunction',
    sql,
    call.span,
    `no function matches the given name: '${call.function}', with ${String(call.arguments.length)} arguments. There are ${names.sort().join(', ')}`,
  );
}
