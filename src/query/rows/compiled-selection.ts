import type { Grouping } from './aggregates/grouping.js';
import type { RowOrder } from './row-order.js';
import type { Column, Row } from './table.js';

/** A SELECT that has been checked against its table's columns. */
export interface Selection {
  readonly columns: readonly Column[];
  readonly limit: number | undefined;
  readonly offset: number;
  /** Of a row of the table. */
  readonly isSelected: (row: Row) => boolean;
  /** Undefined where each selected row is one of the answer. Else `project` and `order` are about rows of groups. */
  readonly grouping: Grouping | undefined;
  readonly project: (row: Row) => Row;
  /** Undefined where rows come in the order of their keys, as a table gives them. */
  readonly order: RowOrder | undefined;
}
