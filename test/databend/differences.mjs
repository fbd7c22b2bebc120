/** @import { Listed, OnPurpose, Reason } from './accounting.mjs' */

/*
 * Where Stagedoor answers Databend's tests with something else on purpose. Lines are those of the commit in suites.mjs;
 * a reason names a section of docs/unlike-databend.md or docs/people/unlike-databend.md, and words that stand in it.
 */

/** What concerns a table, a database, a function, a sequence or a warehouse. `*.*` is no table. */
const OF_A_WAREHOUSE = [
  /^\s*(create|drop|alter)\s+(or\s+replace\s+)?(table|database|function|sequence|view)\b/i,
  /^\s*(grant|revoke)\b.*\son\s+((table|database|udf|sequence|warehouse)\s|\w+\.)/i,
  /^\s*show\s+grants\s+on\s+(table|database|udf|sequence|warehouse)\s/i,
];

const BASE = 'tests/sqllogictests/suites/base/';
const people = (/** @type {string} */ words) => ({ section: 'users-roles-and-grants', words });
const noPolicies = people('no policies or public keys');
const needsWarehouse = { section: 'statements', words: 'What a warehouse does' };
const otherFunctions = { section: 'statements', words: 'any other is code 1008' };
const isHidden = people('a stage or connection that one may do nothing with');
const otherStores = { section: 'stages-and-connections', words: 'stores other than `s3://` and `fs://`' };

/** @type {(script: string, lines: readonly number[], reason: Reason) => Listed} */
const ofScript = (script, lines, reason) => ({ file: `tests/suites/${script}.result`, lines, reason });
const STAGE_PRIVILEGES = '1_stateful/00_stage/00_0012_stage_priv';
const SET_ROLE = '0_stateless/18_rbac/18_0009_set_role';
const OWN_NAME = '0_stateless/18_rbac/18_0011_alter_own_username';
const CONNECTIONS = '0_stateless/18_rbac/18_0015_connection_rbac';

/** What scripts write: a place is that of the first line that differs. Its lines may differ for several reasons. */
const OF_SCRIPTS = [
  // Rows of tables, and errors about them.
  ofScript(STAGE_PRIVILEGES, [1, 12, 17, 22, 25, 35, 41, 46, 52], needsWarehouse),
  // The script creates its second stage at `fs:////tmp/…`.
  ofScript(STAGE_PRIVILEGES, [1, 17, 25], {
    section: 'stages-and-connections',
    words: 'doubled slashes in the path of a URL',
  }),
  ofScript(STAGE_PRIVILEGES, [33, 35], isHidden),
  ofScript(STAGE_PRIVILEGES, [52], {
    section: 'listing-removing-reading',
    words: 'who signs URLs of files in S3',
  }),
  // The users come after a statement about a database, at which bendsql stops.
  ofScript(
    '0_stateless/18_rbac/18_0002_ownership_cover',
    [0, 2, 5, 8, 9, 11, 15, 19, 43, 52, 54],
    needsWarehouse,
  ),
  ofScript('0_stateless/18_rbac/18_0007_privilege_access', [103], needsWarehouse),
  ofScript(
    '0_stateless/18_rbac/18_0007_privilege_access',
    [103],
    people('`SHOW GRANTS` of what one may not see'),
  ),
  ofScript(SET_ROLE, [10, 13, 16, 19, 21, 24, 26, 31, 36, 43], needsWarehouse),
  ofScript(SET_ROLE, [16, 21, 26], otherFunctions),
  ofScript(SET_ROLE, [29], people('`object is invalid`')),
  // Another user is hidden, as in `SHOW USERS`.
  ofScript(OWN_NAME, [3], people('show oneself')),
  ofScript(OWN_NAME, [3], people("`ALTER USER` of one's own password")),
  ofScript(OWN_NAME, [7], { section: 'getting-in', words: 'as for a wrong password' }),
  ofScript(CONNECTIONS, [3, 12], people('what is created in the role `public`')),
  ofScript(CONNECTIONS, [20], people('need `SUPER`, or the privilege of that name')),
  ofScript(CONNECTIONS, [22, 25, 30, 37, 41, 49, 56, 58], otherStores),
  ofScript(CONNECTIONS, [30, 45, 49], isHidden),
];

/** @type {OnPurpose} */
export const ON_PURPOSE = {
  rules: [
    {
      name: 'needs a warehouse',
      fits: ({ what, error }) =>
        error?.code === 1002 &&
        error.message.includes('needs a warehouse') &&
        OF_A_WAREHOUSE.some((pattern) => pattern.test(what)),
      reason: needsWarehouse,
    },
    {
      name: 'has no policies, public keys and workload groups',
      fits: ({ error }) =>
        error?.code === 1002 && error.message.includes('there are no network or password policies'),
      reason: noPolicies,
    },
  ],
  leftOut: [
    {
      name: 'needs a warehouse',
      pattern: /^Error: .*\[1002\].* needs a warehouse\. /,
      reason: needsWarehouse,
    },
  ],
  listed: [
    // About users whom the lines before would have created.
    {
      file: `${BASE}05_ddl/05_0035_ddl_password_policy.test`,
      lines: [113, 118, 127, 131],
      reason: noPolicies,
    },
    { file: `${BASE}05_ddl/05_0064_ddl_user_key_pair.test`, lines: [49], reason: noPolicies },
    { file: `${BASE}06_show/06_0017_show_users_key_pair.test`, lines: [7, 15], reason: noPolicies },
    // SHOW GRANTS ON a database and a table, by show_grants(…).
    { file: `${BASE}05_ddl/05_0017_ddl_grant_role.test`, lines: [177, 184], reason: needsWarehouse },
    {
      file: `${BASE}05_ddl/05_0017_ddl_grant_role.test`,
      lines: [262],
      reason: otherStores,
    },
    // What was granted on tables.
    { file: `${BASE}06_show/06_0007_show_roles.test`, lines: [67, 73, 81, 92, 99], reason: needsWarehouse },
    {
      file: `${BASE}06_show/06_0016_show_users.test`,
      lines: [28, 36],
      reason: people('`default` and `root`'),
    },
    ...OF_SCRIPTS,
  ],
};
