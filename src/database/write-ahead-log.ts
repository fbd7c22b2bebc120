import { open } from 'node:fs/promises';
import { Logger } from '@nestjs/common';
import { messageOf } from '../common/message-of.js';

/** What is committed survives a power cut so much later at most, as far as the disk keeps up. */
const SYNC_WITHIN_MS = 500;

/**
 * The file in which SQLite keeps commits first. Synced through a handle of its own, by a thread: SQLite's own sync of a commit
 * would hold the event loop up. (SQLite's locks are on other files, so that closing the handle drops none.)
 */
export class WriteAheadLog {
  readonly #logger = new Logger('Database');
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Something was committed. */
  syncSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#syncing = this.#syncing.then(() => this.#sync());
    }, SYNC_WITHIN_MS);
  }

  /** Resolves when all that was committed is synced. */
  async close(): Promise<void> {
    const isDue = this.#timer !== undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#syncing;
    if (isDue) await this.#sync();
  }

  /** Never rejects: what was committed is there, and the next sync takes it along. */
  async #sync(): Promise<void> {
    try {
      const handle = await open(this.#path, 'r');
      try {
        await handle.datasync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      // Without a log all is in the database itself, which was synced before the log went.
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
      this.#logger.warn({ msg: "the database's log could not be synced", error: messageOf(error) });
    }
  }
}
