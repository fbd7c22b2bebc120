import type { OpenScans } from '../rows/open-scans.js';
import type { Row, Table } from '../rows/table.js';
import { NO_ROWS } from '../rows/written-rows.js';
import type { SelectNothing } from '../sql/ast.js';
import { SqlError } from '../sql/sql-error.js';
import { selectFrom } from './select-from.js';
import type { StatementHandler, StatementResult } from './statement-handler.js';

/** `SELECT … FROM system.tables`: returns no rows, except the row of an aggregate. */
export function selectNothing(scans: OpenScans): StatementHandler<SelectNothing> {
  return async (statement, context) => {
    const { clauses, table, strict } = statement;
    if (clauses === undefined) return emptyResult(statement);
    try {
      return await selectFrom(new EmptyTable(table), clauses, context, scans);
    } catch (error) {
      if (strict || !(error instanceof SqlError) || error.kind !== 'UnknownFunction') throw error;
      return emptyResult(statement);
    }
  };
}

/** Tools call functions that are unknown here. The result has no rows, whatever the functions return. */
function emptyResult({ columns }: SelectNothing): StatementResult {
  return { columns: columns.map((name) => ({ name, type: 'String' })), rows: NO_ROWS };
}

class EmptyTable implements Table {
  readonly columns: Table['columns'];

  constructor(columns: Table['columns']) {
    this.columns = columns;
  }

  has(): boolean {
    return true;
  }

  async *scan(): AsyncGenerator<readonly Row[]> {
    // An empty table.
  }
}
