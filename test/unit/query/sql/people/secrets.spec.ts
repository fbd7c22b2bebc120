import { sqlError } from '../../../../../src/query/sql/messages/sql-snippet.js';
import { errorOf } from './error-of.js';

const SECRET = 'hunter2SECRET';
const VALID = [
  `CREATE USER u IDENTIFIED BY '${SECRET}'`,
  `CREATE OR REPLACE USER 'u'@'%' IDENTIFIED WITH sha256_password BY '${SECRET}' WITH DISABLED = true, DEFAULT_ROLE = 'r'`,
  `CREATE USER IF NOT EXISTS u\nIDENTIFIED WITH double_sha1_password\nBY '${SECRET}'\nWITH MUST_CHANGE_PASSWORD = true`,
  `ALTER USER USER() IDENTIFIED BY '${SECRET}'`,
  `ALTER USER u IDENTIFIED BY '${SECRET}' WITH SET PASSWORD POLICY = 'p'`,
  `ALTER USER u IDENTIFIED BY '/${SECRET}'`,
  `ALTER USER u IDENTIFIED BY '@${SECRET}'`,
  `ALTER USER u IDENTIFIED BY 's3://${SECRET}'`,
  `ALTER USER u IDENTIFIED BY 'it''s ${SECRET}'`,
  `ALTER USER u IDENTIFIED BY '\\'${SECRET}'`,
];
/** Each is put in place of each character, as a slip of the hand. */
const SLIPS = ['', ' ', "'", '"', '`', '=', ',', '@', '(', ';', 'x', '\\', '--', '/*', '?'];

/** The statement with a slip at each place outside of the secret. */
function* slipsOf(sql: string): Generator<string> {
  for (let at = 0; at < sql.length; at++) {
    if (SECRET.includes(sql.charAt(at)) && isInSecret(sql, at)) continue;
    for (const slip of SLIPS) {
      yield sql.slice(0, at) + slip + sql.slice(at + 1);
      yield sql.slice(0, at) + slip + sql.slice(at);
    }
  }
}

function isInSecret(sql: string, at: number): boolean {
  const start = sql.indexOf(SECRET);
  return at >= start && at < start + SECRET.length;
}

function messageOf(sql: string): string | undefined {
  try {
    return errorOf(sql).message;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

it.each(VALID)('no slip in %j makes a message that shows the password', (sql) => {
  let refused = 0;
  for (const slipped of slipsOf(sql)) {
    const message = messageOf(slipped);
    if (message === undefined) continue;
    refused++;
    if (message.includes('hunter2')) throw new Error(`${slipped}\n${message}`);
  }
  expect(refused).toBeGreaterThan(100);
});

it.each(VALID)('an error of what runs %j does not show the password', (sql) => {
  expect(sqlError('Unimplemented', sql, { start: 0, end: 5 }, 'no').message).not.toContain('hunter2');
  expect(sqlError('Semantic', sql, { start: sql.length - 1, end: sql.length }, 'no').message).not.toContain(
    'hunter2',
  );
});

it.each([
  `CREATE USER u ${SECRET}`,
  `CREATE USER u BY ${SECRET}`,
  `CREATE USER u WITH ${SECRET}`,
  `CREATE USER u IDENTIFIED ${SECRET}`,
  `CREATE USER u IDENTIFIED BY ${SECRET}`,
  `CREATE USER u IDENTIFIED BY @${SECRET}`,
  `CREATE USER u IDENTIFIED BY = ${SECRET}`,
  `CREATE USER u IDENTIFIED BY "${SECRET}"`,
  `CREATE USER u IDENTIFIED BY $$${SECRET}$$`,
  `CREATE USER u IDENTIFIED BY ('${SECRET}')`,
  `CREATE USER u IDENTIFIED WITH '${SECRET}'`,
  `CREATE USER u IDENTIFIED WITH ${SECRET}`,
  `CREATE USER u IDENTIFIED BY 'x' '${SECRET}'`,
  `CREATE USER u IDENTIFIED BY 'x' -- was ${SECRET}\n oops`,
  `CREATE USER u PASSWORD '${SECRET}'`,
  `CREATE USER u SET PASSWORD = ${SECRET}`,
  `ALTER USER u ${SECRET}`,
  `ALTER USER u BY '/${SECRET}'`,
  `alter  user\nu\n'${SECRET}'`,
  `GRANT READ ON STAGE s TO u IDENTIFIED BY '${SECRET}'`,
  `GRANT READ ON STAGE s TO u IDENTIFIED BY ${SECRET}`,
])('%s is shown without its password', (sql) => {
  expect(errorOf(sql).message).not.toContain('hunter2');
});

it.each([
  "CREATE USER u IDENTIFIED WITH no_password WITH DISABLED = TRUE, DEFAULT_ROLE = 'analyst' ,",
  "ALTER USER ann WITH SET WORKLOAD GROUP = 'g', TENANTSETTING, ADD",
  'GRANT CREATE USER, CREATE CONNECTION ON *.* TO bob, carol',
  'GRANT DROP USER, CREATE USER ON *.* TO bob, carol',
  "GRANT READ ON STAGE s TO 'ann', 'bob'",
  "REVOKE ROLE 'a role' FROM 'ann' x",
  'DROP USER ann GIVE FILES bob',
  'GRANT OWNERSHIP ON CONNECTION conn TO USER bob',
  "SHOW GRANTS FOR 'ann' x",
  'CREATE ROLE analyst OR admin',
])('all of %s is shown: there is no secret in it', (sql) => {
  expect(errorOf(sql).message).toContain(`1 | ${sql}\n`);
});

it('a word that an option might be is named', () => {
  expect(errorOf("CREATE USER u IDENTIFIED BY 'p' WITH DISABLD = true").message).toContain(
    'unexpected `DISABLD`',
  );
});
