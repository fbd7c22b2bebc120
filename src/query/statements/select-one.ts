import type { OpenScans } from '../rows/open-scans.js';
import type { Row, Table } from '../rows/table.js';
import type { SelectOne } from '../sql/ast.js';
import { selectFrom } from './select-from.js';
import type { StatementHandler } from './statement-handler.js';

/** `SELECT … FROM system.one` */
export function selectOne(scans: OpenScans): StatementHandler<SelectOne> {
  return (statement, context) => selectFrom(new OneRow(), statement, context, scans);
}

class OneRow implements Table {
  readonly columns = [{ name: 'dummy', type: 'UInt8' }];

  has(): boolean {
    return true;
  }

  async *scan({ after }: { readonly after?: string | undefined }): AsyncGenerator<readonly Row[]> {
    if (after === undefined) yield await Promise.resolve([[1]]);
  }
}
