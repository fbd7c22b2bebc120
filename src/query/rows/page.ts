import type { SavedState } from './aggregates/aggregate-function.js';
import type { OpenScans } from './open-scans.js';
import type { Value } from './table.js';
import type { WrittenRows } from './written-rows.js';

/** The position where the next page begins. A cursor holds it as JSON. */
export interface PagePosition {
  /** The key of the last examined row. */
  readonly after?: string | undefined;
  /** The sort key of that row, if the order is not that of the keys. */
  readonly place?: readonly Value[] | undefined;
  /** Rows of OFFSET that are still to be skipped. */
  readonly skip: number;
  /** Rows of LIMIT that may still be returned. */
  readonly remaining?: number | undefined;
  /** The states of the aggregates. */
  readonly states?: readonly SavedState[] | undefined;
}

export interface PageRequest {
  /** Undefined for the first page. */
  readonly position?: PagePosition | undefined;
  readonly maxRows: number;
  /** A page that takes longer ends early, with a position to continue from; a time of `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Caches the scan for the next page. */
  readonly scans: OpenScans;
  /** The name of the query in `scans`. */
  readonly query: string;
}

export type PositionedRequest = PageRequest & { readonly position: PagePosition };

export interface ResultPage {
  readonly rows: WrittenRows;
  /** Undefined on the last page. */
  readonly next?: PagePosition | undefined;
}
