import { cellOf } from './cell.js';
import type { Row } from './table.js';

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

/** Writes the rows of a page as they are read. Otherwise every garbage collection would copy up to ten thousand waiting arrays. */
export class RowWriter {
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
