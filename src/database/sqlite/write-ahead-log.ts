import { open } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { loggedError } from '../../common/telemetry/logged-error.js';

/** The longest time until a commit survives a power cut, if the disk keeps up. */
const SYNC_WITHIN_MS = 500;

/**
 * Syncs the file in which SQLite first keeps commits. A thread syncs it through a handle of its own, because SQLite's sync of a
 * commit blocks the event loop. SQLite's locks are on other files, so closing the handle drops none.
 */
export class WriteAheadLog {
  readonly #logger = new Logger('Database');
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Schedules a sync after a commit. */
  syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#syncing = this.#syncing.then(() => this.#sync());
    }, SYNC_WITHIN_MS);
  }

  /** Resolves when every commit is synced. */
  async close(): Promise<void> {
    const isDue = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#syncing;
    if (isDue) await this.#sync();
  }

  /** Never rejects: the commit is in the file, and the next sync includes it. */
  async #sync(): Promise<void> {
    try {
      const handle = await open(this.#path, 'r');
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      // If there is no log, every commit is in the database itself, which SQLite synced before it removed the log.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      this.#logger.warn({ msg: "the database's log could not be synced", error: loggedError(error) });
    }
  }
}
