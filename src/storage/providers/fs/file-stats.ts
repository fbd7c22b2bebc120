import { lstatSync } from 'node:fs';
import { Thread } from '../../threads/thread.js';
import { NUMBERS_A_FILE, type StatAnswer, type StatRequest } from './stat-request.js';
import { STAT_WORKER_URL } from './stat-worker-url.js';

/** What is known of a file by its name. */
export interface FileStats {
  readonly size: number;
  /** With fractions, as far as the file system has them. */
  readonly mtimeMs: number;
  readonly ino: number;
}

let thread: Thread<StatRequest, StatAnswer> | undefined;

/** At once. @returns undefined for what is no file of its own, or is not there. */
export function fileStats(path: string): FileStats | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats : undefined;
}

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
