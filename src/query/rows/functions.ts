import type { Expression } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import type { Compiled, QueryFacts, Scope } from './scope.js';
import type { Value } from './table.js';

type Call = Extract<Expression, { kind: 'call' }>;

const FACTS: ReadonlyMap<string, keyof QueryFacts> = new Map([
  ['version', 'version'],
  ['user', 'user'],
  ['current_user', 'user'],
  ['session_user', 'user'],
  ['current_role', 'role'],
  ['current_catalog', 'catalog'],
  ['catalog', 'catalog'],
  ['current_database', 'database'],
  ['database', 'database'],
  ['schema', 'database'],
  ['connection_id', 'sessionId'],
]);

const TEXT_FUNCTIONS: ReadonlyMap<
  string,
  { readonly type: string; readonly apply: (text: string) => Value }
> = new Map([
  ['lower', { type: 'String', apply: (text) => text.toLowerCase() }],
  ['upper', { type: 'String', apply: (text) => text.toUpperCase() }],
  ['length', { type: 'UInt64', apply: (text) => Array.from(text).length }],
]);

/** @throws SqlError of kind `UnknownFunction` that names the functions there are. */
export function compileCall(call: Call, scope: Scope, compile: (argument: Expression) => Compiled): Compiled {
  const fact = FACTS.get(call.function);
  if (fact !== undefined && call.arguments.length === 0) {
    const value = scope.facts[fact];
    return { type: 'String', evaluate: () => value };
  }
  const text = TEXT_FUNCTIONS.get(call.function);
  const [argument] = call.arguments;
  if (text === undefined || argument === undefined || call.arguments.length > 1) throw unknown(call, scope);
  const { type, evaluate } = compile(argument);
  return {
    type: type.startsWith('Nullable(') ? `Nullable(${text.type})` : text.type,
    evaluate: (row) => {
      const value = evaluate(row);
      return value === null ? null : text.apply(String(value));
    },
  };
}

function unknown(call: Call, { sql }: Scope): Error {
  if (call.function === 'count') {
    return sqlError('Semantic', sql, call.span, 'count(*) must stand alone, and counts every row it finds');
  }
  const known = [...FACTS.keys(), 'count', ...TEXT_FUNCTIONS.keys()].sort().join(', ');
  return sqlError(
    'UnknownFunction',
    sql,
    call.span,
    `no function matches the given name: '${call.function}', with ${String(call.arguments.length)} arguments. There are ${known}`,
  );
}
