import type { Principal } from '../../../access/principal.js';
import { likeMatcher } from '../../../common/sql-like.js';
import type { GrantListing } from '../../../people/grants/grant-listing.js';
import { QueryError } from '../../query-error.js';
import type { OpenScans } from '../../rows/open-scans.js';
import { RowsTable } from './rows-table.js';
import { requestOf } from '../../rows/selection-request.js';
import type { Row } from '../../rows/table.js';
import type { SelectGrants, ShowGrants } from '../../sql/ast.js';
import { selectFrom } from '../select-from.js';
import type { StatementContext, StatementHandler } from '../statement-handler.js';
import { GRANT_COLUMNS, MEMBER_COLUMNS, rowsOfGrantee, rowsOfMembers, rowsOnObject } from './grants-text.js';

type Subject = NonNullable<ShowGrants['for']>;

/** By its kind: the column that LIKE is about, as in Databend. */
const LIKE_COLUMNS: Readonly<Record<Subject['kind'], string>> = {
  user: 'object_name',
  role: 'object_name',
  stage: 'name',
  connection: 'name',
  'role-members': 'grantee_name',
};

/** `SHOW GRANTS [FOR … | ON … | OF …] [LIKE … | WHERE …] [LIMIT …]` */
export function showGrants(listing: GrantListing, scans: OpenScans): StatementHandler<ShowGrants> {
  return ({ for: named, like, where, limit }, context) => {
    const subject = named ?? ({ kind: 'user', name: context.principal.name } as const);
    const table = grantsTable(listing, subject, context, like);
    return selectFrom(table, requestOf([{ kind: 'all' }], { where, limit }), context, scans);
  };
}

/** `SELECT … FROM show_grants('role', 'r')` */
export function selectGrants(listing: GrantListing, scans: OpenScans): StatementHandler<SelectGrants> {
  return (statement, context) =>
    selectFrom(grantsTable(listing, subjectOf(statement.arguments), context), statement, context, scans);
}

function grantsTable(
  listing: GrantListing,
  subject: Subject,
  { principal, facts }: StatementContext,
  like?: string,
): RowsTable {
  const columns = subject.kind === 'role-members' ? MEMBER_COLUMNS : GRANT_COLUMNS;
  const place = columns.findIndex(({ name }) => name === LIKE_COLUMNS[subject.kind]);
  const matches = like === undefined ? undefined : likeMatcher(like, { ignoreCase: true });
  return new RowsTable(columns, async () => {
    const rows = await rowsOf(listing, subject, principal, facts);
    return rows.filter((row) => matches?.(String(row[place])) ?? true);
  });
}

async function rowsOf(
  listing: GrantListing,
  subject: Subject,
  principal: Principal,
  options: { readonly expandRoles: boolean },
): Promise<readonly Row[]> {
  switch (subject.kind) {
    case 'user':
    case 'role':
      return rowsOfGrantee(await listing.ofGrantee(subject, principal, options), options);
    case 'stage':
    case 'connection':
      return rowsOnObject(await listing.onObject({ on: subject.kind, name: subject.name }, principal));
    case 'role-members':
      return rowsOfMembers(subject.name, await listing.membersOf(subject.name, principal));
  }
}

const SUBJECTS: ReadonlyMap<string, Subject['kind']> = new Map([
  ['user', 'user'],
  ['role', 'role'],
  ['stage', 'stage'],
  ['connection', 'connection'],
  ['role_grantee', 'role-members'],
]);

/** @throws QueryError of kind `BadArguments` for what has no grants here. */
function subjectOf([kind = '', name, ...others]: readonly string[]): Subject {
  const subject = SUBJECTS.get(kind.toLowerCase());
  if (subject !== undefined && name !== undefined && others.length === 0) return { kind: subject, name };
  const expected = `show_grants() takes '${[...SUBJECTS.keys()].join('|')}' and a name`;
  throw new QueryError('BadArguments', `${expected}, but got ${JSON.stringify(kind.slice(0, 100))}`);
}
