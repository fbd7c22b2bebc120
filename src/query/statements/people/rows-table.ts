import { compareByteOrder } from '../../../common/byte-order.js';
import { keyOf, type Column, type Row, type ScanOptions, type Table } from '../../rows/table.js';

/** A table of few rows, all of which are read at once, ordered by their keys. */
export class RowsTable implements Table {
  readonly columns: readonly Column[];
  readonly #read: () => Promise<readonly Row[]>;

  constructor(columns: readonly Column[], read: () => Promise<readonly Row[]>) {
    this.columns = columns;
    this.#read = read;
  }

  has(): boolean {
    return true;
  }

  async *scan({ after }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const rows = await this.#read();
    yield after === undefined ? rows : rows.filter((row) => compareByteOrder(keyOf(row), after) > 0);
  }
}
