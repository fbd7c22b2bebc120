import { DatabaseError } from './database-error.js';
import { open, type FileHandle } from 'node:fs/promises';

/**
 * The file in which SQLite keeps commits first. Synced through a handle of its own, by a thread: the same as SQLite's own sync
 * of a commit, which would hold the event loop up. (SQLite's locks are on other files, so that closing the handle drops none.)
 */
export class WriteAheadLog {
  readonly #path: string;
  #handle: Promise<FileHandle> | undefined;
  #running: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`;
  }

  /** Resolves when every commit before now survives a power cut. Who asks while a sync runs shares the next one. */
  synced(): Promise<void> {
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#running = this.#sync();
        return this.#running;
      });
    return this.#next;
  }

  async close(): Promise<void> {
    await this.#running.catch(() => undefined);
    await (await this.#handle)?.close();
    this.#handle = undefined;
  }

  async #sync(): Promise<void> {
    this.#handle ??= open(this.#path, 'r');
    try {
      await (await this.#handle).datasync();
    } catch (error) {
      this.#handle = undefined; // it may be another file by then
      throw new DatabaseError(
        'Unavailable',
        'The database of the service could not be written to its disk.',
        {
          cause: error,
        },
      );
    }
  }
}
