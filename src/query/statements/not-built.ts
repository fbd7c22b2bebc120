import { sqlError } from '../sql/messages/sql-snippet.js';
import type { Statement } from '../sql/ast.js';
import type { StatementHandler } from './statement-handler.js';
import { firstWord } from './unsupported.js';

type NotBuilt = Extract<Statement, { kind: 'not-built' }>;

const REASONS: Readonly<Record<NotBuilt['about'], string>> = {
  policies:
    'a user has a password, and there are no network or password policies, workload groups, JWT and public keys here yet',
  passwords:
    "one's own password is changed by ALTER USER USER() IDENTIFIED BY '…', that of another user by ALTER USER name IDENTIFIED BY '…'",
  selects:
    'a SELECT from stages or system tables has expressions, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET. GROUP BY ALL ' +
    'gives what DISTINCT would',
  tags: 'there are no tags here yet: stages and connections have none. A stage has a comment, which ALTER STAGE … SET COMMENT changes',
};

/** Refuses statements that Databend has and this service does not have yet. */
export const notBuilt: StatementHandler<NotBuilt> = ({ what, about }, { sql }) => {
  throw sqlError('Unimplemented', sql, firstWord(sql), `${what} is not built yet: ${REASONS[about]}`);
};
