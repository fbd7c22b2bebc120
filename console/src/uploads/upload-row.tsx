import type { ReactElement } from 'react';
import { formatSize } from '../lib/format-size.js';
import { formatDuration } from '../lib/format-time.js';
import { RowButton } from '../ui/row-button.js';
import { isActive, secondsLeft, type UploadItem } from './upload-item.js';
import { uploadQueue } from './upload-queue.js';

export function UploadRow({ item }: { readonly item: UploadItem }): ReactElement {
  const { id, path, stage, file, state, sentBytes } = item;
  const isRepeatable = state === 'failed' || state === 'cancelled';
  return (
    <li className={`upload ${state}`}>
      <span className="upload-name" title={`@${stage}/${path}`}>
        {path}
      </span>
      <span className="upload-facts">{factsOf(item)}</span>
      {state === 'running' && (
        <progress aria-label={`Progress of ${path}`} value={sentBytes} max={Math.max(file.size, 1)} />
      )}
      {item.problem !== undefined && <span className="problem">{item.problem}</span>}
      {isActive(item) && (
        <RowButton
          text="Cancel"
          label={`Cancel ${path}`}
          onClick={() => {
            uploadQueue.cancel(id);
          }}
        />
      )}
      {isRepeatable && (
        <RowButton
          text="Send again"
          label={`Send ${path} again`}
          onClick={() => {
            uploadQueue.retry(id);
          }}
        />
      )}
    </li>
  );
}

const COMPARED: Readonly<Record<NonNullable<UploadItem['comparison']>, string>> = {
  same: 'the same md5',
  other: 'what was kept has another md5',
  unknown: 'its md5 was not told',
};

function factsOf(item: UploadItem): string {
  const { state, file, sentBytes, bytesPerSecond, overwrite, comparison } = item;
  if (state === 'waiting') return `${formatSize(file.size)}, waits`;
  if (state === 'done') {
    const stored = overwrite === 'skip' ? 'stored, or kept as it was' : `${formatSize(file.size)}, stored`;
    return `${stored}${comparison === undefined ? '' : `, ${COMPARED[comparison]}`}`;
  }
  if (state === 'failed') return 'failed';
  if (state === 'cancelled') return 'cancelled';
  const left = secondsLeft(item);
  const rest = left === undefined ? '' : `, ${formatSize(bytesPerSecond)}/s, ${formatDuration(left)} left`;
  return `${formatSize(sentBytes)} of ${formatSize(file.size)}${rest}`;
}
