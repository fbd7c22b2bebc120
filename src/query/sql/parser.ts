import type { Statement } from './ast.js';
import {
  parseAlterConnection,
  parseCreateConnection,
  parseDescribeConnection,
  parseDropConnection,
} from './connection-statements.js';
import { parseList, parsePresign, parseRemove } from './file-statements.js';
import { parseGrant, parseRevoke } from './people/grant-statements.js';
import { acceptPolicyStatement } from './people/policy-statements.js';
import { parseAlterRole, parseCreateRole, parseDropRole } from './people/role-statements.js';
import {
  parseAlterUser,
  parseCreateUser,
  parseDescribeUser,
  parseDropUser,
} from './people/user-statements.js';
import { parseSelect } from './select/select-statement.js';
import { parseSet, parseTransaction, parseUnset, parseUse } from './session-statements.js';
import { acceptSettings } from './settings-prefix.js';
import { parseShow } from './show-statements.js';
import { sqlError } from './messages/sql-snippet.js';
import { parseAlterStage, parseCreateStage, parseDescribeStage, parseDropStage } from './stage-statements.js';
import { TokenStream } from './lexer/token-stream.js';
import { acceptTagStatement } from './tag-statements.js';
import { acceptWarehouseObject, acceptWarehouseStatement } from './warehouse-statements.js';

/** Statements about stages are much shorter. Parsing a longer text would delay other requests. */
const MAX_LENGTH = 2 * 1024 * 1024;
const LONE_SURROGATE = /\p{Surrogate}/u;

type Parser = (tokens: TokenStream) => Statement;

const PARSERS: ReadonlyMap<string, Parser> = new Map([
  ['CREATE', parseCreate],
  ['ALTER', parseAlter],
  ['DROP', parseDrop],
  ['SHOW', parseShow],
  ['DESC', parseDescribe],
  ['DESCRIBE', parseDescribe],
  ['LIST', parseList],
  ['REMOVE', parseRemove],
  ['PRESIGN', parsePresign],
  ['SELECT', parseSelect],
  ['USE', parseUse],
  ['SET', parseSet],
  ['UNSET', parseUnset],
  ['GRANT', parseGrant],
  ['REVOKE', parseRevoke],
  ['BEGIN', parseTransaction],
  ['COMMIT', parseTransaction],
  ['ROLLBACK', parseTransaction],
  ['ABORT', parseTransaction],
]);
const ALTERED: ReadonlyMap<string, Parser> = new Map([
  ['STAGE', parseAlterStage],
  ['CONNECTION', parseAlterConnection],
  ['USER', parseAlterUser],
  ['ROLE', parseAlterRole],
]);
const DROPPED: ReadonlyMap<string, Parser> = new Map([
  ['STAGE', parseDropStage],
  ['CONNECTION', parseDropConnection],
  ['USER', parseDropUser],
  ['ROLE', parseDropRole],
]);
const DESCRIBED: ReadonlyMap<string, Parser> = new Map([
  ['STAGE', parseDescribeStage],
  ['CONNECTION', parseDescribeConnection],
  ['USER', parseDescribeUser],
]);
/** Commands of bendsql, which drivers pass on as if they were SQL. */
const CLIENT_COMMANDS = new Set(['PUT', 'GET']);

/**
 * Parses one statement. It may end with `;`.
 *
 * @throws SqlError, and no other error, for a text that is not a statement.
 */
export function parseStatement(sql: string): Statement {
  assertWellFormed(sql);
  const tokens = new TokenStream(sql);
  acceptSettings(tokens);
  const statement = acceptWarehouseStatement(tokens) ?? parseOwnStatement(tokens);
  tokens.expectEnd();
  return statement;
}

function assertWellFormed(sql: string): void {
  if (sql.length > MAX_LENGTH) {
    const message = `this statement is too long: at most ${String(MAX_LENGTH)} characters are allowed`;
    throw sqlError('Syntax', sql, { start: 0, end: 1 }, message);
  }
  if (sql.isWellFormed()) return;
  const start = sql.search(LONE_SURROGATE);
  throw sqlError(
    'Syntax',
    sql,
    { start, end: start + 1 },
    'this is half a character: the text is not valid Unicode',
  );
}

function parseOwnStatement(tokens: TokenStream): Statement {
  const first = tokens.peek();
  const command = tokens.word() ?? '';
  if (CLIENT_COMMANDS.has(command)) {
    tokens.failAt(
      first,
      `${command} is a command of bendsql, which runs it on the client's side: it is not SQL`,
    );
  }
  const parse = PARSERS.get(tokens.acceptWord(...PARSERS.keys()) ?? '');
  return parse === undefined ? tokens.fail() : parse(tokens);
}

function parseCreate(tokens: TokenStream): Statement {
  const orReplace = tokens.acceptWord('OR') !== undefined;
  if (orReplace) tokens.expectWord('REPLACE');
  // A role is never replaced, in Databend either.
  switch (tokens.acceptWord('STAGE', 'CONNECTION', 'USER', ...(orReplace ? [] : ['ROLE']))) {
    case 'STAGE':
      return parseCreateStage(tokens, orReplace);
    case 'CONNECTION':
      return parseCreateConnection(tokens, orReplace);
    case 'USER':
      return parseCreateUser(tokens, orReplace);
    case 'ROLE':
      return parseCreateRole(tokens);
    case undefined:
    default:
      return acceptOther(tokens, 'CREATE') ?? tokens.fail();
  }
}

function parseAlter(tokens: TokenStream): Statement {
  return acceptObject(tokens, ALTERED) ?? acceptOther(tokens, 'ALTER') ?? tokens.fail();
}

function parseDrop(tokens: TokenStream): Statement {
  return acceptObject(tokens, DROPPED) ?? acceptOther(tokens, 'DROP') ?? tokens.fail();
}

function parseDescribe(tokens: TokenStream): Statement {
  return acceptObject(tokens, DESCRIBED) ?? acceptOther(tokens, 'DESC') ?? parseDescribeTable(tokens);
}

function acceptObject(tokens: TokenStream, parsers: ReadonlyMap<string, Parser>): Statement | undefined {
  return parsers.get(tokens.acceptWord(...parsers.keys()) ?? '')?.(tokens);
}

/** Accepts objects that are not supported: those still to be built, and those of a warehouse. */
function acceptOther(tokens: TokenStream, verb: string): Statement | undefined {
  return (
    acceptPolicyStatement(tokens, verb) ??
    acceptTagStatement(tokens, verb) ??
    acceptWarehouseObject(tokens, verb)
  );
}

/** Parses `DESC db.t`. */
function parseDescribeTable(tokens: TokenStream): Statement {
  const isAlone = tokens.peek(1).kind === 'end' || tokens.isSymbol('.', 1) || tokens.isSymbol(';', 1);
  if (!isAlone) return tokens.fail();
  do tokens.expectName('the name of a table');
  while (tokens.acceptSymbol('.'));
  return { kind: 'unsupported', what: 'DESC TABLE' };
}
