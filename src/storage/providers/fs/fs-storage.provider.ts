import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { TimeSlices } from '../../../common/time-slices.js';
import { destroyOnAbort } from '../../contract/abortable-body.js';
import { resolveRange } from '../../contract/byte-range.js';
import type { Leftover } from '../../contract/leftover.js';
import type { ObjectKey } from '../../contract/object-key.js';
import { PutRefusal } from '../../contract/put-refusal.js';
import { StorageError } from '../../contract/storage-error.js';
import type {
  GetOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PutOptions,
  PutResult,
  RemoveFailure,
  RemoveReport,
  StorageProvider,
} from '../../contract/storage-provider.js';
import { FileBody } from './read/file-body.js';
import { objectStat } from './read/file-stats.js';
import { FsObjectWriter } from './write/fs-object-writer.js';
import { FsRoot } from './fs-root.js';
import { fsStorageError } from './fs-storage.errors.js';
import { listFiles } from './fs-storage.lister.js';
import { sharedPathLocks } from './write/path-locks.js';
import { readRange } from './read/read-range.js';

/** No link is followed at the end of a path, and no pipe or device can block the opening. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** So little is read at once: a stream costs more than its bytes. */
const SHORT_BYTES = 128 * 1024;
const REMOVALS_AT_ONCE = 16;

/** Objects as files below a directory of the server. */
export class FsStorageProvider implements StorageProvider {
  readonly scheme = 'fs';
  readonly capabilities = { presign: false, maxObjectBytes: Number.MAX_SAFE_INTEGER, contentEtag: false };
  readonly #root: FsRoot;
  readonly #writer: FsObjectWriter;

  constructor(directory: string) {
    this.#root = new FsRoot(directory);
    this.#writer = new FsObjectWriter(this.#root);
  }

  async put(key: ObjectKey, body: Readable, options: PutOptions = {}): Promise<PutResult> {
    try {
      options.signal?.throwIfAborted();
      return await this.#writer.write(key, body, options);
    } catch (error) {
      body.destroy();
      if (error instanceof PutRefusal) throw error.reason;
      throw putError(error, key, body, options.signal);
    }
  }

  async get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectBody> {
    return translated('get', key, options.signal, async () => {
      const fd = this.#openForReading(key);
      try {
        const stat = objectStat(key, statsOfOpened(fd));
        const range = resolveRange(options.range, stat.size);
        if (lengthOf(range) > SHORT_BYTES) return { stat, range, body: readStream(fd, range, options) };
        const bytes = await readRange(fd, range);
        closeSync(fd);
        return { stat, range, body: bodyOf(bytes) };
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    });
  }

  async stat(key: ObjectKey, options: OperationOptions = {}): Promise<ObjectStat> {
    return translated('stat', key, options.signal, () => {
      const path = this.#root.pathOf(key);
      return objectStat(key, this.#statFile(path));
    });
  }

  async *list(options: ListOptions = {}): AsyncGenerator<readonly ObjectStat[]> {
    try {
      options.signal?.throwIfAborted();
      yield* listFiles(this.#root, options);
    } catch (error) {
      throw operationError(error, 'list', undefined, options.signal);
    }
  }

  async remove(keys: readonly ObjectKey[], options: OperationOptions = {}): Promise<RemoveReport> {
    return translated('remove', undefined, options.signal, async () => {
      const failures: RemoveFailure[] = [];
      const left = [...new Set(keys)];
      const emptied = new Set<string>();
      const slices = new TimeSlices();
      const removeNext = async (): Promise<void> => {
        for (let key = left.pop(); key !== undefined; key = left.pop()) {
          // One that is not there is told without waiting for anything.
          if (slices.isOver) await slices.next();
          options.signal?.throwIfAborted();
          const failure = await this.#removeOne(key, emptied);
          if (failure !== undefined) failures.push(failure);
        }
      };
      await Promise.all(Array.from({ length: REMOVALS_AT_ONCE }, removeNext));
      for (const directory of emptied) await this.#prune(directory);
      return { removed: new Set(keys).size - failures.length, failures };
    });
  }

  async removeLeftover({ unfinished = '' }: Leftover): Promise<void> {
    return translated('removeLeftover', undefined, undefined, () =>
      this.#writer.removeUnfinished(unfinished),
    );
  }

  presign(key: ObjectKey): Promise<PresignedRequest> {
    const context = { operation: 'presign', scheme: this.scheme, key };
    return Promise.reject(
      new StorageError('Unsupported', 'A local directory has no URLs of its own to presign.', { context }),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #openForReading(key: ObjectKey): number {
    const path = this.#root.pathOf(key);
    this.#root.refuseLinks(dirname(path));
    return openSync(path, OPEN_FLAGS);
  }

  #statFile(path: string): Stats {
    this.#root.refuseLinks(dirname(path));
    const stats = lstatSync(path);
    if (!stats.isFile()) throw noSuchFile();
    return stats;
  }

  async #removeOne(key: ObjectKey, emptied: Set<string>): Promise<RemoveFailure | undefined> {
    try {
      const path = this.#root.pathOf(key);
      await sharedPathLocks.run(path, async () => {
        this.#statFile(path); // a link or a directory is no object, and stays
        await unlink(path);
      });
      emptied.add(dirname(path));
    } catch (error) {
      const failure = fsStorageError(error, { operation: 'remove', key });
      return failure.kind === 'NotFound' ? undefined : { key, error: failure };
    }
    return undefined;
  }

  /** An object store has no directories: one that held only removed objects goes with them. */
  async #prune(emptied: string): Promise<void> {
    for (let directory = emptied; directory.length > this.#root.path.length; directory = dirname(directory)) {
      try {
        await rmdir(directory);
      } catch {
        return; // not empty, or made anew by an upload: either way it stays
      }
    }
  }
}

function statsOfOpened(fd: number): Stats {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw noSuchFile();
  return stats;
}

function lengthOf({ start, end }: ObjectBody['range']): number {
  return end - start + 1;
}

function bodyOf(bytes: Buffer): Readable {
  return new Readable({
    read() {
      this.push(bytes);
      this.push(null);
    },
  });
}

function readStream(fd: number, range: ObjectBody['range'], options: GetOptions): Readable {
  const body = new FileBody(fd, range, options.reusesChunks === true);
  destroyOnAbort(body, options.signal);
  return body;
}

function noSuchFile(): StorageError {
  return new StorageError('NotFound', 'There is no such file.');
}

async function translated<T>(
  operation: string,
  key: ObjectKey | undefined,
  signal: AbortSignal | undefined,
  run: () => T | Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw operationError(error, operation, key, signal);
  }
}

function putError(
  error: unknown,
  key: ObjectKey,
  body: Readable,
  signal: AbortSignal | undefined,
): StorageError {
  const failedBody = body.errored === error && signal?.aborted !== true && !(error instanceof StorageError);
  if (!failedBody) return operationError(error, 'put', key, signal);
  return new StorageError('Unexpected', 'The body ended in an error.', {
    context: { operation: 'put', scheme: 'fs', key },
    cause: error,
  });
}

function operationError(
  error: unknown,
  operation: string,
  key: ObjectKey | undefined,
  signal: AbortSignal | undefined,
): StorageError {
  const context = { operation, key };
  if (error instanceof StorageError) return error;
  if (signal?.aborted === true) {
    return new StorageError('Aborted', 'The operation was aborted.', {
      context: { scheme: 'fs', ...context },
      cause: error,
    });
  }
  return fsStorageError(error, context);
}
