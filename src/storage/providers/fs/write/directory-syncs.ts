import { closeSync, fsync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf } from '../fs-storage.errors.js';
import { isOn } from '../../../../config/shortcuts.js';

const fsyncAsync = promisify(fsync);

/** Syncs a directory and its parents: a new name survives a power cut once its directory is synced. */
export async function syncDirectories(from: string, upTo: string): Promise<void> {
  for (let directory = from; ; directory = dirname(directory)) {
    await shared.sync(directory);
    if (directory === upTo || directory === dirname(directory)) return;
  }
}

/** Coalesces syncs: all calls during a running sync of a directory share the next one. */
export class SharedSyncs {
  readonly #sync: (path: string) => Promise<void>;
  readonly #running = new Map<string, Promise<void>>();
  readonly #next = new Map<string, Promise<void>>();

  constructor(sync: (path: string) => Promise<void>) {
    this.#sync = sync;
  }

  /** Resolves when every change of the directory before the call is on the disk. */
  sync(path: string): Promise<void> {
    const running = this.#running.get(path);
    if (running === undefined) return this.#start(path);
    const waiting = this.#next.get(path);
    if (waiting !== undefined) return waiting;
    // The running sync may have begun before the change.
    const start = (): Promise<void> => {
      this.#next.delete(path);
      return this.#start(path);
    };
    const next = running.then(start, start);
    this.#next.set(path, next);
    return next;
  }

  #start(path: string): Promise<void> {
    const running = this.#sync(path).finally(() => {
      if (!this.#next.has(path)) this.#running.delete(path);
    });
    this.#running.set(path, running);
    return running;
  }
}

const shared = isOn('shared-syncs') ? new SharedSyncs(syncDirectory) : { sync: syncDirectory };

/** Only the sync waits for the disk. */
async function syncDirectory(path: string): Promise<void> {
  let directory: number;
  try {
    directory = openSync(path, 'r');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return; // the object was removed, and its directory with it
    throw error;
  }
  try {
    await fsyncAsync(directory);
  } finally {
    closeSync(directory);
  }
}
