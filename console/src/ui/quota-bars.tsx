import type { ReactElement } from 'react';
import { formatSize } from '../lib/format-size.js';
import type { Quota } from '../lib/quotas.js';

interface QuotaBarsProps {
  readonly quota: Quota;
}

/** What is used of a quota, running uploads included. */
export function QuotaBars({ quota }: QuotaBarsProps): ReactElement {
  const bytes = quota.used_bytes + quota.reserved_bytes;
  const files = quota.used_files + quota.reserved_files;
  return (
    <div className="quota">
      {quota.max_bytes !== null && (
        <Bar
          used={bytes}
          most={quota.max_bytes}
          text={`${formatSize(bytes)} of ${formatSize(quota.max_bytes)}`}
        />
      )}
      {quota.max_files !== null && (
        <Bar
          used={files}
          most={quota.max_files}
          text={`${files.toLocaleString('en')} of ${quota.max_files.toLocaleString('en')} files`}
        />
      )}
    </div>
  );
}

/** Nearly full from this share on. */
const HIGH = 0.9;

interface BarProps {
  readonly used: number;
  readonly most: number;
  readonly text: string;
}

function Bar({ used, most, text }: BarProps): ReactElement {
  return (
    <p>
      <meter aria-label={`Quota: ${text}`} min={0} max={Math.max(most, 1)} high={most * HIGH} value={used} />{' '}
      {text}
    </p>
  );
}
