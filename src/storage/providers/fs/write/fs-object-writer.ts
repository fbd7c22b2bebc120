import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { ObjectKey } from '../../../contract/object-key.js';
import { askLeave, noteLeftover } from '../../../contract/put-refusal.js';
import type { PutContent, PutOptions, PutResult } from '../../../contract/storage-provider.js';
import { syncDirectories } from './directory-syncs.js';
import { FileSink } from './file-sink.js';
import { etagOf } from '../read/file-stats.js';
import type { FsRoot } from '../fs-root.js';
import { errnoOf, fsStorageError } from '../fs-storage.errors.js';
import { FsTarget } from './fs-target.js';
import { pour } from './pour.js';
import { UnfinishedFile } from './unfinished-file.js';

/** A directory can be pruned between its making and the rename into it; it is made again so many times. */
const COMMIT_ATTEMPTS = 5;

/**
 * Writes a body to an unfinished file beside the objects, syncs it, moves it into place and syncs the directories: the
 * object is durable when `write` resolves, and was not to be seen before.
 */
export class FsObjectWriter {
  readonly #root: FsRoot;

  constructor(root: FsRoot) {
    this.#root = root;
  }

  async write(key: ObjectKey, body: Readable, options: PutOptions): Promise<PutResult> {
    const target = new FsTarget(this.#root, key, options.condition);
    target.refuseEarly();
    const name = randomUUID();
    const unfinished = this.#root.unfinishedFile(name);
    await noteLeftover(options, { key, unfinished: name });
    try {
      const file = await this.#create(unfinished);
      const { stats, content } = await writeBody(file, body, options);
      options.signal?.throwIfAborted();
      await askLeave(options, content);
      options.signal?.throwIfAborted();
      await this.#commit(unfinished, target);
      return { key, ...content, etag: etagOf(stats) };
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => options.leftovers?.keep());
      throw error;
    }
  }

  /** @param name as a put has noted it. */
  async removeUnfinished(name: string): Promise<void> {
    await rm(this.#root.unfinishedFile(name), { force: true });
  }

  async #create(path: string): Promise<UnfinishedFile> {
    try {
      return await UnfinishedFile.create(path);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      const directory = dirname(path);
      const topmostMade = await mkdir(directory, { recursive: true });
      if (topmostMade !== undefined) await syncDirectories(directory, dirname(topmostMade));
      return UnfinishedFile.create(path);
    }
  }

  async #commit(unfinished: string, target: FsTarget): Promise<void> {
    const { directory } = target;
    let topmostMade: string | undefined;
    for (let attempt = 1; ; attempt++) {
      try {
        topmostMade = await target.take(unfinished);
        break;
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === COMMIT_ATTEMPTS) throw error;
      }
    }
    await syncDirectories(directory, topmostMade === undefined ? directory : dirname(topmostMade));
  }
}

async function writeBody(
  file: UnfinishedFile,
  body: Readable,
  options: PutOptions,
): Promise<{ readonly stats: Stats; readonly content: PutContent }> {
  const sink = new FileSink(file, options);
  try {
    await pour(body, sink, options.signal);
    const { stats } = file;
    return { stats, content: { size: stats.size, checksums: sink.checksums } };
  } catch (error) {
    // A failure of the sink is the body's too, so that the error alone does not tell whose it is.
    throw sink.failure === undefined ? error : fsStorageError(sink.failure, { operation: 'put' });
  } finally {
    await sink.settled();
    await file.close();
  }
}
