import type { Grouping } from './aggregates/grouping.js';
import type { RowOrder } from './row-order.js';
import type { Column, Row } from './table.js';

/** A SELECT that has been checked against its table's columns. */
export interface Selection {
  readonly columns: readonly Column[];
  readonly limit: number | undefined;
  readonly offset: number;
  /** Tests a row of the table. */
  readonly isSelected: (row: Row) => boolean;
  /** Undefined if each selected row is a row of the answer. Otherwise `project` and `order` read rows of groups. */
  readonly grouping: Grouping | undefined;
  readonly project: (row: Row) => Row;
  /** Undefined for the order of the keys, in which a table returns its rows. */
  readonly order: RowOrder | undefined;
}
