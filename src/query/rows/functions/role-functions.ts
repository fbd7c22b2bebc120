import type { Expression } from '../../sql/ast.js';
import { sqlError } from '../../sql/messages/sql-snippet.js';
import { withoutNull } from '../literal-type.js';
import type { Compiled, Scope } from '../scope.js';

type Call = Extract<Expression, { kind: 'call' }>;

export const ROLE_FUNCTIONS = ['current_secondary_roles', 'current_available_roles', 'is_role_in_session'];

/** Compiles a call of a function about the session's roles. @returns undefined for any other. */
export function roleFunction(
  call: Call,
  scope: Scope,
  compile: (argument: Expression) => Compiled,
): Compiled | undefined {
  const { roles } = scope.facts;
  const [role, ...others] = call.arguments;
  if (call.function === 'is_role_in_session' && role !== undefined && others.length === 0)
    return isRoleInSession(role, scope, compile);
  if (role !== undefined) return undefined;
  switch (call.function) {
    case 'current_secondary_roles':
      return text(() =>
        JSON.stringify({ roles: roles.inEffect().join(','), value: roles.hasAll ? 'ALL' : 'None' }),
      );
    case 'current_available_roles':
      return text(() => JSON.stringify(roles.available()));
    default:
      return undefined;
  }
}

function isRoleInSession(
  role: Expression,
  { sql, facts }: Scope,
  compile: (argument: Expression) => Compiled,
): Compiled {
  const { type, evaluate } = compile(role);
  if (withoutNull(type) !== 'String')
    throw sqlError(
      'Semantic',
      sql,
      role.span,
      `is_role_in_session() takes a text here, and this is of type ${type}`,
    );
  const names = new Set(facts.roles.inEffect());
  return { type: 'Boolean', evaluate: (row) => names.has(String(evaluate(row))) };
}

/** The same text for each row. */
function text(make: () => string): Compiled {
  const value = make();
  return { type: 'String', evaluate: () => value };
}
