import type { SavedState } from './aggregates/aggregate-function.js';
import type { OpenScans } from './open-scans.js';
import type { Value } from './table.js';
import type { WrittenRows } from './written-rows.js';

/** Where the next page begins: all that a cursor has to carry. */
export interface PagePosition {
  /** The key of the last row that was looked at. */
  readonly after?: string | undefined;
  /** What that row is ordered by, where the order is not that of the keys. */
  readonly place?: readonly Value[] | undefined;
  /** Rows of OFFSET that are still to be passed over. */
  readonly skip: number;
  /** Rows of LIMIT that may still be given. */
  readonly remaining?: number | undefined;
  /** What the aggregates have taken in. */
  readonly states?: readonly SavedState[] | undefined;
}

export interface PageRequest {
  /** Undefined for the first page. */
  readonly position?: PagePosition | undefined;
  readonly maxRows: number;
  /** A page that takes longer ends early, with a position to go on from; `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Where a scan may be left for the next page. */
  readonly scans: OpenScans;
  /** The name of the query there. */
  readonly query: string;
}

export interface ResultPage {
  readonly rows: WrittenRows;
  /** Undefined where nothing comes after this page. */
  readonly next?: PagePosition | undefined;
}
