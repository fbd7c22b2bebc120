import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Orphan } from '../../../contract/orphan.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { confirmCommit, recordOrphan } from '../../../contract/commit-rejected.js';
import type { PutContent, PutOptions, PutResult } from '../../../contract/storage-provider.js';
import { committed, syncNewName } from './commit.js';
import { FileWriter } from './file-writer.js';
import { etagOf } from '../read/file-stats.js';
import type { FsRoot } from '../fs-root.js';
import { errnoOf, fsStorageError } from '../fs-storage.errors.js';
import { FsTarget } from './fs-target.js';
import { pipeBody } from './pipe-body.js';
import type { TemporaryFile } from './temporary-file.js';
import { TemporaryFiles, type TemporaryPlace } from './temporary-files.js';
import { isOn } from '../../../../config/shortcuts.js';

const pipe = isOn('upload-pipe')
  ? pipeBody
  : (body: Readable, writer: FileWriter, signal?: AbortSignal): Promise<void> =>
      pipeline(body, writer, signal === undefined ? {} : { signal });

/**
 * Writes a body to a temporary file, syncs it, renames it into place and syncs the directories. The object is durable when `write`
 * resolves, and invisible before the rename.
 */
export class FsObjectWriter {
  readonly #root: FsRoot;
  readonly #temporary: TemporaryFiles;

  constructor(root: FsRoot) {
    this.#root = root;
    this.#temporary = new TemporaryFiles(root);
  }

  async write(key: ObjectKey, body: Readable, options: PutOptions): Promise<PutResult> {
    const target = new FsTarget(this.#root, key, options.condition);
    target.assertAccepted();
    const place = this.#temporary.placeFor(target.directory, randomUUID());
    await recordOrphan(options, { key, ...place });
    let isCreated = false;
    try {
      const file = await this.#temporary.create(place);
      isCreated = true;
      const { stats, content } = await writeBody(file, body, options);
      options.signal?.throwIfAborted();
      await confirmCommit(options, content);
      options.signal?.throwIfAborted();
      await this.#commit(place, target);
      return { key, ...content, etag: etagOf(stats) };
    } catch (error) {
      const cleanup = isCreated ? this.#temporary.discard(place) : this.#temporary.releaseFolder(place);
      await cleanup.catch(() => options.cleanupLog?.retain());
      throw error;
    }
  }

  /** @param orphan the record of a put. */
  async removeOrphan(orphan: Orphan): Promise<void> {
    await this.#temporary.removeOrphan(orphan);
  }

  async #commit(place: TemporaryPlace, target: FsTarget): Promise<void> {
    const path = this.#temporary.pathOf(place);
    let topmostCreated: string | undefined;
    try {
      topmostCreated = await committed(() => target.commit(path));
    } catch (error) {
      if (errnoOf(error) === 'EXDEV') this.#temporary.forgetMounts();
      throw error;
    }
    await this.#temporary.releaseFolder(place);
    await syncNewName(target.directory, topmostCreated);
  }
}

async function writeBody(
  file: TemporaryFile,
  body: Readable,
  options: PutOptions,
): Promise<{ readonly stats: Stats; readonly content: PutContent }> {
  const writer = new FileWriter(file, options);
  try {
    await pipe(body, writer, options.signal);
    const { stats } = file;
    return { stats, content: { size: stats.size, checksums: writer.checksums } };
  } catch (error) {
    // A failure of the writer destroys the body with the same error, so the error alone does not tell its origin.
    throw writer.failure === undefined ? error : fsStorageError(writer.failure, { operation: 'put' });
  } finally {
    await writer.settled();
    await file.close();
  }
}
