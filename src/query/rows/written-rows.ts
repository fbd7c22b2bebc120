import { cellOf } from './cell.js';
import type { Row } from './table.js';
import { isOn } from '../../config/shortcuts.js';

/** Rows in the format of the protocol. */
export interface WrittenRows {
  readonly count: number;
  /** An array of arrays of cells. */
  readonly json: string;
}

export const NO_ROWS: WrittenRows = { count: 0, json: '[]' };

export function writtenRows(rows: readonly Row[]): WrittenRows {
  return { count: rows.length, json: JSON.stringify(rows.map((row) => row.map(cellOf))) };
}

/** The rows of a page, as they are found. */
export interface PageRows {
  readonly count: number;
  add(rows: readonly Row[]): void;
  written(): WrittenRows;
}

/** For one page. */
export const pageRows: () => PageRows = isOn('early-rows') ? () => new EarlyRows() : () => new KeptRows();

/** Writes them at once: ten thousand arrays that wait for each other would be copied by every collection. */
class EarlyRows implements PageRows {
  readonly #pieces: string[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(rows: readonly Row[]): void {
    if (rows.length === 0) return;
    this.#count += rows.length;
    this.#pieces.push(writtenRows(rows).json.slice(1, -1));
  }

  written(): WrittenRows {
    return { count: this.#count, json: `[${this.#pieces.join(',')}]` };
  }
}

class KeptRows implements PageRows {
  readonly #rows: Row[] = [];

  get count(): number {
    return this.#rows.length;
  }

  add(rows: readonly Row[]): void {
    this.#rows.push(...rows);
  }

  written(): WrittenRows {
    return writtenRows(this.#rows);
  }
}
