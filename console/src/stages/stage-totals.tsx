import type { ReactElement } from 'react';
import { formatTotals, useTotals } from '../lib/totals.js';

interface StageTotalsProps {
  readonly stage: string;
  readonly isWanted: boolean;
}

/** Number and size of the files of a stage, as recorded; nothing where the reader may not look. */
export function StageTotals({ stage, isWanted }: StageTotalsProps): ReactElement {
  const { data } = useTotals(stage, '', isWanted);
  return <span className="amount">{data === undefined ? '' : formatTotals(data)}</span>;
}
