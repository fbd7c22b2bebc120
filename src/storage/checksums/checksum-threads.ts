import { availableParallelism } from 'node:os';
import type { ChecksumAlgorithm } from '../contract/checksums.js';
import { LocalClient } from '../../runtime/local-client.js';
import { WorkerClient } from '../../runtime/worker-client.js';
import { checksumRequests } from './checksum-requests.js';
import type { ChecksumThread } from './checksum-request.js';
import { CHECKSUM_WORKER_URL } from './checksum-worker-url.js';
import { ThreadedChecksums } from './threaded-checksums.js';
import { isOn } from '../../config/shortcuts.js';

/** More than one thread on two cores is no faster: receiving and storing use the other core. */
const MAX_THREADS = Math.min(4, Math.max(1, availableParallelism() - 1));

/** Threads that compute checksums of long contents. Each starts when it is first needed. */
export class ChecksumThreads {
  readonly #threads: ChecksumThread[] = [];
  readonly #maxThreads: number;
  #contents = 0;

  constructor(maxThreads = MAX_THREADS) {
    this.#maxThreads = maxThreads;
  }

  open(algorithms: readonly ChecksumAlgorithm[]): ThreadedChecksums {
    const content = ++this.#contents;
    return new ThreadedChecksums(this.#thread(content % this.#maxThreads), content, algorithms);
  }

  #thread(index: number): ChecksumThread {
    const running = this.#threads[index];
    if (running !== undefined && !running.hasEnded) return running;
    const started: ChecksumThread = isOn('checksum-threads')
      ? new WorkerClient(CHECKSUM_WORKER_URL)
      : new LocalClient(checksumRequests());
    this.#threads[index] = started;
    return started;
  }
}

/** Shared by all providers of the process. */
export const sharedChecksumThreads = new ChecksumThreads();
