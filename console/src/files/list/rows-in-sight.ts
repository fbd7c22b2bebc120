import { useLayoutEffect, useState, type RefObject } from 'react';

/** Rows that are drawn above and below those in sight. */
const OVERSCAN = 12;
/** Before the height of the frame is known. */
const USUAL_ROWS = 30;

export interface RowsInSight {
  readonly numbers: readonly number[];
  /** How many rows are drawn in a list that is long enough. */
  readonly most: number;
}

/**
 * Numbers of the rows to draw, where all have one height. It knows nothing of rows elsewhere, so that a million cost what a
 * hundred do.
 */
export function useRowsInSight(
  frame: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowsInSight {
  const [first, setFirst] = useState(0);
  const [rows, setRows] = useState(USUAL_ROWS);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = (): void => {
      setFirst(Math.floor(element.scrollTop / rowHeight));
      setRows(Math.ceil(element.clientHeight / rowHeight));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [frame, rowHeight]);
  const most = rows + 2 * OVERSCAN;
  const start = Math.max(0, Math.min(first - OVERSCAN, count - most));
  const numbers = Array.from({ length: Math.min(most, count) }, (_, index) => start + index);
  return { numbers, most };
}
