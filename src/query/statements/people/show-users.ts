import type { UserCatalog } from '../../../people/accounts/user-catalog.js';
import type { OpenScans } from '../../rows/open-scans.js';
import { requestOf } from '../../rows/selection-request.js';
import { writtenRows } from '../../rows/written-rows.js';
import type { SelectUsers, ShowUsers, Statement } from '../../sql/ast.js';
import { selectFrom } from '../select-from.js';
import type { StatementHandler } from '../statement-handler.js';
import { DESCRIBED_USER, schemaOf, SHOWN_USERS, SYSTEM_USERS, userRow, UsersTable } from './users-table.js';

/** `SHOW USERS [LIKE … | WHERE …] [LIMIT …]`, ordered by name. */
export function showUsers(catalog: UserCatalog, scans: OpenScans): StatementHandler<ShowUsers> {
  return ({ like, where, limit }, context) => {
    const { timezone } = context.facts;
    const query = { columns: SHOWN_USERS, principal: context.principal, timezone, like };
    const request = requestOf([{ kind: 'all' }], { where, limit });
    return selectFrom(new UsersTable(catalog, query), request, context, scans);
  };
}

/** `SELECT … FROM system.users` */
export function selectUsers(catalog: UserCatalog, scans: OpenScans): StatementHandler<SelectUsers> {
  return (statement, context) => {
    const { timezone } = context.facts;
    const query = { columns: SYSTEM_USERS, principal: context.principal, timezone };
    return selectFrom(new UsersTable(catalog, query), statement, context, scans);
  };
}

export function describeUser(
  catalog: UserCatalog,
): StatementHandler<Extract<Statement, { kind: 'describe-user' }>> {
  return async ({ name }, { principal, facts }) => {
    const person = await catalog.describe(name, principal);
    const rows = writtenRows([userRow(DESCRIBED_USER, person, facts.timezone)]);
    return { columns: schemaOf(DESCRIBED_USER), rows };
  };
}
