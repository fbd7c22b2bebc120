import { sqlError } from '../sql/messages/sql-snippet.js';
import type { Statement } from '../sql/ast.js';
import type { StatementHandler } from './statement-handler.js';

/** `SELECT … FROM system.nope` */
export const selectUnknown: StatementHandler<Extract<Statement, { kind: 'select-unknown' }>> = (
  { table, span },
  { sql },
) => {
  throw sqlError('UnknownTable', sql, span, `Unknown table '${table}'`);
};
