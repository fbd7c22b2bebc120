/** The commit of databendlabs/databend that the lists name lines of. */
export const COMMIT = '43b24ec040cc1f346c65dd03f836fe5d37e2acee';

export const LOGIC = 'tests/sqllogictests/suites/';
const SHELL = 'tests/suites/';

/** Logic tests of users, roles, grants and stages that need no table, or few. */
export const LOGIC_FILES = [
  ...[
    '05_0004_ddl_create_user',
    '05_0005_ddl_alter_user',
    '05_0007_ddl_drop_user',
    '05_0014_ddl_create_role',
    '05_0015_ddl_alter_role',
    '05_0015_ddl_drop_role',
    '05_0017_ddl_grant_role',
    '05_0018_ddl_revoke',
    '05_0024_ddl_set_role',
    '05_0035_ddl_password_policy',
    '05_0064_ddl_user_key_pair',
  ].map((name) => `${LOGIC}base/05_ddl/${name}.test`),
  ...['06_0007_show_roles', '06_0011_show_stages', '06_0016_show_users', '06_0017_show_users_key_pair'].map(
    (name) => `${LOGIC}base/06_show/${name}.test`,
  ),
  `${LOGIC}stage/list_stage.test`,
];

/**
 * A script with its `.result` beside it. With `between`, only what it writes between two lines of that file counts: from the
 * first, to before the second.
 * @typedef {{ script: string, between?: readonly [number, number] }} ShellSuite
 */

/** @type {readonly ShellSuite[]} */
export const SHELL_SUITES = [
  { script: `${SHELL}1_stateful/00_stage/00_0012_stage_priv.sh` },
  { script: `${SHELL}0_stateless/18_rbac/18_0002_ownership_cover.sh` },
  { script: `${SHELL}0_stateless/18_rbac/18_0007_privilege_access.sh`, between: [102, 118] },
  { script: `${SHELL}0_stateless/18_rbac/18_0009_set_role.sh` },
  { script: `${SHELL}0_stateless/18_rbac/18_0011_alter_own_username.sh` },
  { script: `${SHELL}0_stateless/18_rbac/18_0015_connection_rbac.sh` },
];

/** Directories that these scripts name as they are, for stages on the server's disk. */
export const SHELL_DIRECTORIES = ['/tmp/copy_into_stage2', '/tmp/00_0012'];
