import { Lexer } from '../../../../../src/query/sql/lexer/lexer.js';
import { parseStatement } from '../../../../../src/query/sql/parser.js';
import { bestTimeOf, checkStatement } from '../../../../fuzz/sql/sql-check.mjs';
import { SEED } from '../../../../support/seed.js';

const STATEMENTS = [
  "CREATE OR REPLACE USER 'u'@'%' IDENTIFIED WITH sha256_password BY 'p' WITH DISABLED = true, DEFAULT_ROLE = r",
  "CREATE USER IF NOT EXISTS u IDENTIFIED BY 'p' WITH SET NETWORK POLICY = 'p', TENANTSETTING",
  "ALTER USER USER() IDENTIFIED WITH key_pair BY 'pem' WITH ADD PUBLIC_KEY = 'pem' LABEL = 'l'",
  "ALTER USER u WITH REMOVE PUBLIC_KEY FINGERPRINT = 'f', MUST_CHANGE_PASSWORD = false, UNSET WORKLOAD GROUP",
  "DROP USER IF EXISTS u@'%' GIVE FILES TO USER",
  'DROP USER u REMOVE FILES;',
  'DESC USER `u`',
  "SHOW USERS LIKE 'a%' LIMIT 3",
  "CREATE ROLE IF NOT EXISTS 'r' COMMENT = 'c'",
  "ALTER ROLE IF EXISTS r SET COMMENT = 'c'",
  'ALTER ROLE r UNSET COMMENT',
  'DROP ROLE IF EXISTS r',
  "SHOW ROLES WHERE name = 'x'",
  'GRANT READ, WRITE ON STAGE s TO ROLE r',
  'GRANT ALL PRIVILEGES ON *.* TO u',
  'GRANT CREATE ROW ACCESS POLICY, ACCESS CONNECTION, DROP ROLE ON *.* TO ROLE r',
  "REVOKE ACCESS CONNECTION ON CONNECTION c FROM USER 'u'@'%'",
  'GRANT ROLE a TO ROLE b',
  'GRANT OWNERSHIP ON STAGE s TO ROLE r',
  "GRANT SELECT ON db.'t' TO u",
  "SHOW GRANTS FOR USER u LIKE 'x' LIMIT 1",
  'SHOW GRANTS ON CONNECTION c',
  'SHOW GRANTS OF ROLE r',
  'SET DEFAULT ROLE r',
  "SET SECONDARY ROLES a, 'b', c",
  "SELECT name, count(*) FROM show_grants('role', 'r') g WHERE g.name IN ('a') GROUP BY name ORDER BY 1 LIMIT 2",
  'SELECT u.name FROM system.users AS u',
];
const ROUNDS = 400;
const MAX_MILLISECONDS = 50;

/** Numbers below a limit, the same for each seed. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

function textsOfTokens(sql: string): string[] {
  const lexer = new Lexer(sql);
  const texts: string[] = [];
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    texts.push(sql.slice(token.start, token.end));
  }
  return texts;
}

/** Removes, repeats, swaps and borrows tokens. */
function mutated(
  texts: readonly string[],
  all: readonly string[],
  random: (limit: number) => number,
): string {
  const mutant = [...texts];
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(mutant.length);
    const [text = ''] = mutant.slice(at, at + 1);
    const other = all[random(all.length)] ?? '';
    const changes = [[], [text, text], [other], [other, text], [text.slice(0, -1)], [text.toLowerCase()]];
    mutant.splice(at, 1, ...(changes[random(changes.length)] ?? []));
  }
  return mutant.join(random(3) === 0 ? '' : ' ');
}

it('statements with tokens removed, repeated and exchanged are parsed or refused as syntax errors, each soon', () => {
  const random = numbers(SEED);
  const tokens = STATEMENTS.map(textsOfTokens);
  const all = tokens.flat();
  const counts = { accepted: 0, refused: 0 };
  for (const texts of tokens) {
    for (let round = 0; round < ROUNDS; round++) {
      const sql = mutated(texts, all, random);
      const { accepted, milliseconds } = checkStatement(parseStatement, sql);
      counts[accepted ? 'accepted' : 'refused']++;
      if (milliseconds > MAX_MILLISECONDS) {
        expect(bestTimeOf(parseStatement, sql)).toBeLessThan(MAX_MILLISECONDS);
      }
    }
  }
  // Both ways are taken often.
  expect(counts.accepted).toBeGreaterThan(500);
  expect(counts.refused).toBeGreaterThan(500);
});

it('each of them is a statement, if its tokens are put together again', () => {
  for (const sql of STATEMENTS)
    expect(checkStatement(parseStatement, textsOfTokens(sql).join(' ')).accepted).toBe(true);
});
