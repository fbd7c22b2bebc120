import { useMutation } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { localTime } from '../lib/format-time.js';
import { isLimited, useQuota } from '../lib/quotas.js';
import { formatTotals, totalsOf, useTotals } from '../lib/totals.js';
import { ErrorNotice } from '../ui/notice.js';
import { QuotaBars } from '../ui/quota-bars.js';

interface FolderTotalsProps {
  readonly stage: string;
  /** With which names begin. */
  readonly prefix: string;
}

/** Number and size of all files below a folder: as recorded, and counted in the store if asked. */
export function FolderTotals({ stage, prefix }: FolderTotalsProps): ReactElement | null {
  const recorded = useTotals(stage, prefix);
  const { data: quota } = useQuota({ kind: 'stage', name: stage }); // an external stage has none, and says so by an error
  const counting = useMutation({ mutationFn: async () => totalsOf(stage, prefix, { isFresh: true }) });
  const totals = counting.data ?? recorded.data;
  if (totals === undefined) return null;
  return (
    <div className="totals">
      <p role="status">
        In all folders below: {formatTotals(totals)}
        {totals.fresh && `, counted in the store at ${localTime(new Date(totals.as_of))}`}
      </p>
      <button
        type="button"
        className="quiet"
        aria-disabled={counting.isPending}
        title="Counts what other programs have put there or removed, too"
        onClick={() => {
          if (!counting.isPending) counting.mutate();
        }}
      >
        {counting.isPending ? 'Counting…' : 'Count in the store'}
      </button>
      <ErrorNotice error={counting.error} />
      {quota !== undefined && isLimited(quota) && <QuotaBars quota={quota} />}
    </div>
  );
}
