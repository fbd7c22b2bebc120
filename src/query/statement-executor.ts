import { Injectable } from '@nestjs/common';
import { requireDeclared } from '../access/requirement.js';
import { OpenScans } from './rows/open-scans.js';
import type { Statement } from './sql/ast.js';
import { ConnectionStatements } from './statements/connections/connection-statements.js';
import { FileStatements } from './statements/file-statements.js';
import {
  selectValues,
  set,
  showNothing,
  showSettings,
  transaction,
  unset,
  use,
} from './statements/session-statements.js';
import { StageStatements } from './statements/stages/stage-statements.js';
import { STATEMENT_ACCESS } from './statements/statement-access.js';
import type {
  HandlersOf,
  StatementContext,
  StatementHandler,
  StatementResult,
} from './statements/statement-handler.js';
import { notBuilt } from './statements/not-built.js';
import { selectOne } from './statements/select-one.js';
import { selectUnknown } from './statements/select-unknown.js';
import { selectNothing } from './statements/select-nothing.js';
import { unsupported } from './statements/unsupported.js';

/** From a statement to what does it. A kind of statement that nobody does is not compiled. */
@Injectable()
export class StatementExecutor {
  readonly #handlers: HandlersOf<Statement['kind']>;

  constructor(
    stages: StageStatements,
    files: FileStatements,
    connections: ConnectionStatements,
    scans: OpenScans,
  ) {
    this.#handlers = {
      ...stages.handlers,
      ...files.handlers,
      ...connections.handlers,
      'select-values': selectValues,
      use,
      set,
      unset,
      transaction,
      'show-settings': showSettings,
      'show-nothing': showNothing,
      'select-one': selectOne(scans),
      'select-unknown': selectUnknown,
      'select-nothing': selectNothing(scans),
      unsupported,
      'not-built': notBuilt,
    };
  }

  async run(statement: Statement, context: StatementContext): Promise<StatementResult> {
    requireDeclared(context.principal, STATEMENT_ACCESS[statement.kind]);
    // The table's type says that the handler of a kind takes the statement of that kind; a look-up cannot.
    const handler = this.#handlers[statement.kind] as StatementHandler;
    return handler(statement, context);
  }
}
