import type { ReactElement } from 'react';
import { localTime, utcTime } from '../lib/format-time.js';

/** A time in the reader's zone, with UTC beside it. */
export function Time({ iso }: { readonly iso: string | null | undefined }): ReactElement {
  if (iso === null || iso === undefined) return <span>never</span>;
  const time = new Date(iso);
  return (
    <time dateTime={iso} title={utcTime(time)}>
      {localTime(time)} <small>{utcTime(time)}</small>
    </time>
  );
}
