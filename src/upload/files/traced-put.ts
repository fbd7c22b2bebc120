import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { PutContent, PutOptions } from '../../storage/contract/storage-provider.js';
import { inCurrentWork, isTracing, traced, type TracedWork } from '../../common/telemetry/traced-work.js';

/**
 * Runs a put. A trace shows it as `storing`, and in it `reading` until the body ends, and `committing` from then on.
 *
 * @param put takes the options with a `beforeCommit` that notices when every byte has been received.
 */
export function tracedPut<Result>(
  body: Readable,
  options: PutOptions,
  put: (options: PutOptions) => Promise<Result>,
): Promise<Result> {
  if (!isTracing()) return put(options);
  return traced(part('storing'), () => {
    const within = inCurrentWork();
    show('reading', () => finished(body, { writable: false }));
    const beforeCommit = (content: PutContent): Promise<void> => {
      within(() => {
        show('committing', () => stored);
      });
      return options.beforeCommit?.(content) ?? Promise.resolve();
    };
    const stored: Promise<Result> = put({ ...options, beforeCommit });
    return stored;
  });
}

/** Shows work that somebody else waits for. */
function show(name: string, run: () => Promise<unknown>): void {
  traced(part(name), run).catch(() => undefined);
}

function part(name: string): TracedWork {
  return { name, kind: 'internal', attributes: {} };
}
