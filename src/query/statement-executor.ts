import { Injectable } from '@nestjs/common';
import { requireDeclared } from '../access/requirement.js';
import { OpenScans } from './rows/open-scans.js';
import type { Statement } from './sql/ast.js';
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
import { PeopleStatements } from './statements/people/people-statements.js';
import { selectOne } from './statements/select-one.js';
import { selectUnknown } from './statements/select-unknown.js';
import { selectNothing } from './statements/select-nothing.js';
import { unsupported } from './statements/unsupported.js';

/** Runs each statement by the handler of its kind. A kind without a handler does not compile. */
@Injectable()
export class StatementExecutor {
  readonly #handlers: HandlersOf<Statement['kind']>;

  constructor(stages: StageStatements, files: FileStatements, people: PeopleStatements, scans: OpenScans) {
    this.#handlers = {
      ...stages.handlers,
      ...files.handlers,
      ...people.handlers,
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
    // True by the table's type: the handler of a kind takes statements of that kind. The type of a look-up does not say so.
    const handler = this.#handlers[statement.kind] as StatementHandler;
    return handler(statement, context);
  }
}
