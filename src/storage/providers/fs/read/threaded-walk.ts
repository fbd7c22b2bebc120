import { WorkerClient } from '../../../../runtime/worker-client.js';
import type { WalkedFiles, WalkRequest, WalkScope, WalkThread } from './walk-request.js';
import { WALK_WORKER_URL } from './walk-worker-url.js';

/** One for all listings of the process, started by the first. */
let sharedThread: WalkThread | undefined;
let walks = 0;

/** A walk through files, made by a thread. */
export class ThreadedWalk {
  readonly #thread: WalkThread;
  readonly #walk = ++walks;

  constructor(scope: WalkScope) {
    if (sharedThread === undefined || sharedThread.hasEnded) sharedThread = new WorkerClient(WALK_WORKER_URL);
    this.#thread = sharedThread;
    this.#notify({ kind: 'open', walk: this.#walk, scope });
  }

  /** So many files; fewer only where there are no more. */
  async next(count: number): Promise<WalkedFiles> {
    const files = await this.#thread.request({ kind: 'next', walk: this.#walk, count });
    if (files === undefined) throw new TypeError('The walk was closed.');
    return files;
  }

  close(): void {
    this.#notify({ kind: 'close', walk: this.#walk });
  }

  /** Fails only where the thread has ended, which `next` tells. */
  #notify(request: WalkRequest): void {
    this.#thread.request(request).catch(() => undefined);
  }
}
