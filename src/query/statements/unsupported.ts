import { sqlError } from '../sql/messages/sql-snippet.js';
import type { Span, Statement } from '../sql/ast.js';
import type { StatementHandler } from './statement-handler.js';

const SUPPORTED_STATEMENTS =
  'This is Stagedoor, which keeps files in stages and holds no tables. It runs CREATE, ALTER, DROP, SHOW and DESC STAGE, ' +
  'LIST, SELECT … FROM list_stage(…) and FROM system.stages, REMOVE, PRESIGN, CREATE, DROP, SHOW and DESC CONNECTION, and ' +
  'statements about users, roles and grants';

export const unsupported: StatementHandler<Extract<Statement, { kind: 'unsupported' }>> = (
  { what },
  { sql },
) => {
  throw sqlError('Unimplemented', sql, firstWord(sql), `${what} needs a warehouse. ${SUPPORTED_STATEMENTS}`);
};

/** Returns the span of a statement's first word. */
export function firstWord(sql: string): Span {
  const start = sql.search(/\S/);
  const length = /^\w*/.exec(sql.slice(start))?.[0].length ?? 0;
  return { start, end: start + length };
}
