import { sqlError } from '../sql/messages/sql-snippet.js';
import type { Statement } from '../sql/ast.js';
import type { StatementHandler } from './statement-handler.js';

const WHAT_THERE_IS =
  'This is Stagedoor, which keeps files in stages and holds no tables. It runs CREATE, ALTER, DROP, SHOW and DESC STAGE, ' +
  'LIST, SELECT … FROM list_stage(…), REMOVE, PRESIGN, and CREATE, DROP, SHOW and DESC CONNECTION';

export const unsupported: StatementHandler<Extract<Statement, { kind: 'unsupported' }>> = (
  { what },
  { sql },
) => {
  const start = sql.search(/\S/);
  const length = /^\w*/.exec(sql.slice(start))?.[0].length ?? 0;
  throw sqlError(
    'Unimplemented',
    sql,
    { start, end: start + length },
    `${what} needs a warehouse. ${WHAT_THERE_IS}`,
  );
};
