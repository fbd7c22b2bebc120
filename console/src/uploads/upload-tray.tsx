import type { ReactElement } from 'react';
import { useStore } from '../lib/store.js';
import { OverwriteQuestion } from './overwrite-question.js';
import { isActive, type UploadItem } from './upload-item.js';
import { uploadQueue } from './upload-queue.js';
import { UploadRow } from './upload-row.js';

/** So many lines are shown, those that need the reader first. */
const SHOWN = 100;
const ORDER: Readonly<Record<UploadItem['state'], number>> = {
  failed: 0,
  running: 1,
  waiting: 2,
  cancelled: 3,
  done: 4,
};

/** Shows the uploads of this tab, also while the reader looks at other pages. */
export function UploadTray(): ReactElement {
  const items = useStore(uploadQueue.items);
  const shown = items.toSorted((one, other) => ORDER[one.state] - ORDER[other.state]).slice(0, SHOWN);
  const active = items.filter(isActive).length;
  return (
    <>
      <OverwriteQuestion />
      {items.length > 0 && (
        <section className="tray" aria-label="Uploads of this tab">
          <div className="tray-head">
            <h2 aria-live="polite">{headingOf(items, active)}</h2>
            <button
              type="button"
              className="quiet"
              onClick={() => {
                uploadQueue.tidy();
              }}
            >
              {active === 0 ? 'Close' : 'Hide what is over'}
            </button>
          </div>
          <ul tabIndex={0} aria-label="Uploads">
            {shown.map((item) => (
              <UploadRow key={item.id} item={item} />
            ))}
          </ul>
          {items.length > SHOWN && <p>{items.length - SHOWN} more</p>}
        </section>
      )}
    </>
  );
}

function headingOf(items: readonly UploadItem[], active: number): string {
  const failed = items.filter(({ state }) => state === 'failed').length;
  const failures = failed === 0 ? '' : `, ${String(failed)} failed`;
  if (active > 0) return `${String(active)} of ${String(items.length)} uploads to go${failures}`;
  const done = items.filter(({ state }) => state === 'done').length;
  return `${String(done)} uploaded${failures}`;
}
