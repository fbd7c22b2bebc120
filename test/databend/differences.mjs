/** @import { OnPurpose } from './accounting.mjs' */

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
      reason: { section: 'stages-and-connections', words: 'stores other than `s3://` and `fs://`' },
    },
    // What was granted on tables.
    { file: `${BASE}06_show/06_0007_show_roles.test`, lines: [67, 73, 81, 92, 99], reason: needsWarehouse },
    {
      file: `${BASE}06_show/06_0016_show_users.test`,
      lines: [28, 36],
      reason: people('`default` and `root`'),
    },
  ],
};
