import { LocalClient } from '../../../../runtime/local-client.js';
import { WorkerClient } from '../../../../runtime/worker-client.js';
import { walkRequests } from './walk-requests.js';
import type { WalkedFiles, WalkRequest, WalkScope, WalkThread } from './walk-request.js';
import { WALK_WORKER_URL } from './walk-worker-url.js';
import { isOn } from '../../../../config/shortcuts.js';

/** One thread for all listings of the process, started by the first one. */
let sharedThread: WalkThread | undefined;
let walks = 0;

/** A walk through files that runs in a thread. */
export class ThreadedWalk {
  readonly #thread: WalkThread;
  readonly #walk = ++walks;

  constructor(scope: WalkScope) {
    if (sharedThread === undefined || sharedThread.hasEnded)
      sharedThread = isOn('listing-thread')
        ? new WorkerClient(WALK_WORKER_URL)
        : new LocalClient(walkRequests());
    this.#thread = sharedThread;
    this.#notify({ kind: 'open', walk: this.#walk, scope });
  }

  /** Returns the next `count` files; fewer only at the end. */
  async next(count: number): Promise<WalkedFiles> {
    const files = await this.#thread.request({ kind: 'next', walk: this.#walk, count });
    if (files === undefined) throw new TypeError('The walk was closed.');
    return files;
  }

  close(): void {
    this.#notify({ kind: 'close', walk: this.#walk });
  }

  /** Sends a request without a reply. It fails only if the thread has ended, which `next` reports. */
  #notify(request: WalkRequest): void {
    this.#thread.request(request).catch(() => undefined);
  }
}
