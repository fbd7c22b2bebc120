import { displayName } from '../../../access/principal.js';
import { SERVICE_PRIVILEGES } from '../../../access/service-privileges.js';
import type { GrantsOfGrantee, GrantsOnObject } from '../../../people/grants/grant-listing.js';
import type { ListedObject } from '../../../people/grants/granted-privileges.js';
import type { NamedGrantee } from '../../../people/grants/grant-source.js';
import { STAGE_PRIVILEGES } from '../../../people/stage-privilege.js';
import type { Column, Row } from '../../rows/table.js';

/** The place of a row, which is the key that Databend's table has not. */
const PLACE: Column = { name: '', type: 'String', isHidden: true };
/** Databend's columns of SHOW GRANTS FOR and ON. */
export const GRANT_COLUMNS: readonly Column[] = [
  PLACE,
  { name: 'privileges', type: 'String' },
  { name: 'object_name', type: 'String' },
  { name: 'object_id', type: 'Nullable(String)' },
  { name: 'grant_to', type: 'String' },
  { name: 'name', type: 'String' },
  { name: 'grants', type: 'String' },
];
/** Databend's columns of SHOW GRANTS OF ROLE. */
export const MEMBER_COLUMNS: readonly Column[] = [
  PLACE,
  { name: 'role', type: 'String' },
  { name: 'granted_to', type: 'String' },
  { name: 'grantee_name', type: 'String' },
];

const OWNERSHIP = 'OWNERSHIP';
/** All privileges on an object, which Databend shows as ALL. */
const ALL: Readonly<Record<ListedObject['kind'], readonly string[]>> = {
  service: SERVICE_PRIVILEGES,
  stage: STAGE_PRIVILEGES,
  connection: ['ACCESS CONNECTION'],
};
const TITLES = { user: 'USER', role: 'ROLE' } as const;

/** Makes the rows of what a user or role has: first its roles if they are not expanded, then privileges, then what it owns. */
export function rowsOfGrantee(
  listed: GrantsOfGrantee,
  { expandRoles }: { readonly expandRoles: boolean },
): readonly Row[] {
  const { kind, name, roles, grants, owned } = listed;
  const identity = kind === 'user' ? displayName({ name }) : `ROLE \`${name}\``;
  const row = (privileges: string, object: string, text: string): Row => [
    ...[privileges, object, null, TITLES[kind], name],
    text,
  ];
  const shownRoles = expandRoles || (kind === 'role' && name === 'account_admin') ? [] : roles;
  return placed([
    ...shownRoles.map((role) => row('', '', `GRANT ROLE ${role} to ${identity}`)),
    ...grants.map(({ privileges, ...object }) => {
      const shown = shownPrivileges(object, privileges);
      return row(shown, shownName(object), `GRANT ${shown} ON ${titled(object)} TO ${identity}`);
    }),
    ...owned.map((object) =>
      row(OWNERSHIP, object.name, `GRANT ${OWNERSHIP} ON ${titled(object)} TO ${identity}`),
    ),
  ]);
}

/** Makes the rows of an object. As in Databend, only roles are shown, the owner last. */
export function rowsOnObject({ name, grants, owner }: GrantsOnObject): readonly Row[] {
  const row = (privileges: string, role: string): Row => [privileges, name, null, TITLES.role, role, ''];
  const roles = grants.filter(({ kind }) => kind === 'role');
  return placed([
    ...roles.map((grantee) => row(grantee.privileges.join(','), grantee.name)),
    ...(owner === undefined ? [] : [row(OWNERSHIP, owner)]),
  ]);
}

export function rowsOfMembers(role: string, members: readonly NamedGrantee[]): readonly Row[] {
  return placed(members.map(({ kind, name }) => [role, TITLES[kind], name]));
}

function shownPrivileges({ kind }: ListedObject, privileges: readonly string[]): string {
  return ALL[kind].every((word) => privileges.includes(word)) ? 'ALL' : privileges.join(',');
}

function shownName({ kind, name }: ListedObject): string {
  return kind === 'service' ? '*.*' : name;
}

function titled(object: ListedObject): string {
  return object.kind === 'service' ? '*.*' : `${object.kind.toUpperCase()} ${object.name}`;
}

const DIGITS = 8;

/** Puts before each row its place, by which a page continues. */
function placed(rows: readonly Row[]): readonly Row[] {
  return rows.map((row, index) => [String(index).padStart(DIGITS, '0'), ...row]);
}
