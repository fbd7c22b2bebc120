import type { Principal } from '../../../access/principal.js';
import { likeMatcher } from '../../../common/sql-like.js';
import type { UserCatalog } from '../../../people/accounts/user-catalog.js';
import type { Person } from '../../../people/people.js';
import { ROOT, shownAuthType } from '../../../users/accounts/user.js';
import type { Column, Row, ScanOptions, Table, Value } from '../../rows/table.js';
import { timestampText } from '../../rows/timestamp.js';

/** The host of every user: any. */
const HOST = '%';

interface UserColumn extends Column {
  /** @param timezone the session's timezone, for Timestamps. */
  readonly value: (person: Person, timezone: string) => Value;
}

const OPTIONAL_TEXT = 'Nullable(String)';
/** The value of what is not built here: NULL, as in Databend for a user without it. */
const none = (): Value => null;

const NAME: UserColumn = { name: 'name', type: 'String', value: ({ user }) => user.name };
const HOSTNAME: UserColumn = { name: 'hostname', type: 'String', value: () => HOST };
const AUTH_TYPE: UserColumn = {
  name: 'auth_type',
  type: 'String',
  value: ({ user }) => shownAuthType(user),
};
/** `root` is defined by settings, as the users of Databend's configuration are. */
const IS_CONFIGURED: UserColumn = {
  name: 'is_configured',
  type: 'String',
  value: ({ user }) => (user.id === ROOT ? 'YES' : 'NO'),
};
const DEFAULT_ROLE: UserColumn = {
  name: 'default_role',
  type: 'String',
  value: ({ user }) => user.defaultRole,
};
const DEFAULT_WAREHOUSE: UserColumn = {
  name: 'default_warehouse',
  type: 'String',
  value: ({ user }) => user.defaultWarehouse,
};
const ROLES: UserColumn = { name: 'roles', type: 'String', value: ({ roles }) => roles.join(', ') };
const DISABLED: UserColumn = { name: 'disabled', type: 'Boolean', value: ({ user }) => user.isDisabled };
const NETWORK_POLICY: UserColumn = { name: 'network_policy', type: OPTIONAL_TEXT, value: none };
const PASSWORD_POLICY: UserColumn = { name: 'password_policy', type: OPTIONAL_TEXT, value: none };
const MUST_CHANGE_PASSWORD: UserColumn = {
  name: 'must_change_password',
  type: 'Nullable(Boolean)',
  value: ({ user }) => (user.mustChangePassword ? true : null),
};
const WORKLOAD_GROUP: UserColumn = { name: 'workload_group', type: OPTIONAL_TEXT, value: none };

const POLICIES = [NETWORK_POLICY, PASSWORD_POLICY, MUST_CHANGE_PASSWORD] as const;

/** Databend's columns of SHOW USERS. */
export const SHOWN_USERS: readonly UserColumn[] = [
  ...[NAME, HOSTNAME, AUTH_TYPE, IS_CONFIGURED, DEFAULT_ROLE, DEFAULT_WAREHOUSE, ROLES, DISABLED],
  ...POLICIES,
];
/** Databend's columns of DESC USER. */
export const DESCRIBED_USER: readonly UserColumn[] = [
  ...[NAME, HOSTNAME, AUTH_TYPE, DEFAULT_ROLE, DEFAULT_WAREHOUSE, ROLES, DISABLED],
  ...POLICIES,
  WORKLOAD_GROUP,
  { name: 'public_keys', type: 'Nullable(UInt64)', value: none },
];
/** Databend's columns of system.users. */
export const SYSTEM_USERS: readonly UserColumn[] = [
  ...[NAME, HOSTNAME, AUTH_TYPE, DEFAULT_ROLE, DEFAULT_WAREHOUSE, IS_CONFIGURED, DISABLED, ROLES],
  ...POLICIES,
  {
    name: 'created_on',
    type: 'Nullable(Timestamp)',
    value: ({ user }, timezone) => timestampText(user.createdOn, timezone),
  },
  {
    name: 'update_on',
    type: 'Nullable(Timestamp)',
    value: ({ user }, timezone) => timestampText(user.updatedOn, timezone),
  },
  { ...WORKLOAD_GROUP, name: 'workload_groups' },
];

export function userRow(columns: readonly UserColumn[], person: Person, timezone: string): Row {
  return columns.map(({ value }) => value(person, timezone));
}

/** The names and types of columns, for an answer. */
export function schemaOf(columns: readonly UserColumn[]): readonly Column[] {
  return columns.map(({ name, type }) => ({ name, type }));
}

export interface UsersQuery {
  readonly columns: readonly UserColumn[];
  readonly principal: Principal;
  readonly timezone: string;
  readonly like?: string | undefined;
}

/** A table of the users whom the caller may see, ordered by name. */
export class UsersTable implements Table {
  readonly columns: readonly Column[];
  readonly #catalog: UserCatalog;
  readonly #query: UsersQuery;
  readonly #matches: ((name: string) => boolean) | undefined;

  constructor(catalog: UserCatalog, query: UsersQuery) {
    this.columns = schemaOf(query.columns);
    this.#catalog = catalog;
    this.#query = query;
    this.#matches = query.like === undefined ? undefined : likeMatcher(query.like, { ignoreCase: true });
  }

  has([name]: Row): boolean {
    return this.#matches?.(String(name)) ?? true;
  }

  async *scan({ after }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const { columns, principal, timezone } = this.#query;
    for await (const people of this.#catalog.show(principal, after)) {
      yield people.map((person) => userRow(columns, person, timezone));
    }
  }
}
