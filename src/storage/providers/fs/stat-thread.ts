import { Thread } from '../../threads/thread.js';
import type { FileStats } from './file-stats.js';
import { NUMBERS_A_FILE, type StatAnswer, type StatRequest } from './stat-request.js';
import { STAT_WORKER_URL } from './stat-worker-url.js';

let thread: Thread<StatRequest, StatAnswer> | undefined;

/** Of many files, by a thread that all listings share. */
export async function manyFileStats(request: StatRequest): Promise<readonly (FileStats | undefined)[]> {
  if (thread === undefined || thread.isOver) thread = new Thread(STAT_WORKER_URL);
  const numbers = await thread.ask(request);
  return request.names.map((_name, index) => {
    const at = index * NUMBERS_A_FILE;
    const size = numbers[at] ?? -1;
    return size < 0 ? undefined : { size, mtimeMs: numbers[at + 1] ?? 0, ino: numbers[at + 2] ?? 0 };
  });
}
