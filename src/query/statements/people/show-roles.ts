import { likeMatcher } from '../../../common/sql-like.js';
import type { RoleCatalog } from '../../../people/roles/role-catalog.js';
import type { UserCatalog } from '../../../people/accounts/user-catalog.js';
import type { OpenScans } from '../../rows/open-scans.js';
import { RowsTable } from './rows-table.js';
import { requestOf } from '../../rows/selection-request.js';
import type { Column } from '../../rows/table.js';
import { timestampText } from '../../rows/timestamp.js';
import type { SelectRoles, ShowRoles } from '../../sql/ast.js';
import { selectFrom } from '../select-from.js';
import type { StatementContext, StatementHandler } from '../statement-handler.js';

const INHERITED: readonly Column[] = [
  { name: 'name', type: 'String' },
  { name: 'inherited_roles', type: 'UInt64' },
  { name: 'inherited_roles_name', type: 'String' },
];
/** Databend's columns of SHOW ROLES and show_roles(). */
const SHOWN_COLUMNS: readonly Column[] = [
  ...INHERITED,
  { name: 'is_current', type: 'Boolean' },
  { name: 'is_default', type: 'Boolean' },
  { name: 'comment', type: 'String' },
];
/** Databend's columns of system.roles. */
const SYSTEM_COLUMNS: readonly Column[] = [
  ...INHERITED,
  { name: 'created_on', type: 'Timestamp' },
  { name: 'update_on', type: 'Timestamp' },
];

/** Makes the tables of roles. */
export class RoleTables {
  constructor(
    private readonly roles: RoleCatalog,
    private readonly users: UserCatalog,
  ) {}

  /** The roles that the caller may choose. */
  shown({ principal }: StatementContext, like?: string): RowsTable {
    const matches = like === undefined ? undefined : likeMatcher(like, { ignoreCase: true });
    return new RowsTable(SHOWN_COLUMNS, async () => {
      const { user } = await this.users.own(principal);
      const shown = (await this.roles.showAvailable(principal)).filter(
        ({ role }) => matches?.(role.name) ?? true,
      );
      return shown.map(({ role, inherited }) => [
        ...[role.name, inherited.length, inherited.join(', ')],
        ...[role.id === principal.currentRole.id, role.name === user.defaultRole, role.comment],
      ]);
    });
  }

  /** The roles that the caller may see. */
  system({ principal, facts }: StatementContext): RowsTable {
    const { timezone } = facts;
    return new RowsTable(SYSTEM_COLUMNS, async () => {
      const roles = await this.roles.show(principal);
      return roles.map(({ role, inherited }) => [
        ...[role.name, inherited.length, inherited.join(', ')],
        ...[timestampText(role.createdOn, timezone), timestampText(role.updatedOn, timezone)],
      ]);
    });
  }
}

/** `SHOW ROLES [LIKE … | WHERE …] [LIMIT …]`, ordered by name. */
export function showRoles(tables: RoleTables, scans: OpenScans): StatementHandler<ShowRoles> {
  return ({ like, where, limit }, context) => {
    const request = requestOf([{ kind: 'all' }], { where, limit });
    return selectFrom(tables.shown(context, like), request, context, scans);
  };
}

/** `SELECT … FROM system.roles` and `FROM show_roles()` */
export function selectRoles(tables: RoleTables, scans: OpenScans): StatementHandler<SelectRoles> {
  return (statement, context) => {
    const table = statement.areAvailable ? tables.shown(context) : tables.system(context);
    return selectFrom(table, statement, context, scans);
  };
}
