import { closeSync, constants, createReadStream, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TimeSlices } from '../../../common/time-slices.js';
import { destroyOnAbort } from '../../contract/abortable-body.js';
import { resolveRange } from '../../contract/byte-range.js';
import { ShortBody } from '../../contract/short-body.js';
import type { Orphan } from '../../contract/orphan.js';
import type { LevelEntry } from '../../contract/levels/level-entry.js';
import { type ListedKey, listedKey } from '../../contract/listed-key.js';
import type { ObjectKey } from '../../contract/object-key.js';
import { assertCopyable, type ObjectSource } from '../../contract/object-source.js';
import { etagMismatch } from '../../contract/put-condition.js';
import { CommitRejected } from '../../contract/commit-rejected.js';
import { StorageError } from '../../contract/storage-error.js';
import type {
  CopyOptions,
  GetOptions,
  LevelOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PresignTarget,
  PutOptions,
  PutResult,
  RemoveFailure,
  RemoveOptions,
  RemoveReport,
  StorageProvider,
  StoreFinding,
} from '../../contract/storage-provider.js';
import { FileBody } from './read/file-body.js';
import { etagOf, objectStat } from './read/file-stats.js';
import { type FsPath, nameOf, parentOf, pathText } from './fs-path.js';
import type { HeldDirectory } from './links/held-directory.js';
import { busyNameError } from './links/mounted-name.js';
import { FsObjectMover } from './write/fs-object-mover.js';
import { FsObjectWriter } from './write/fs-object-writer.js';
import { FsRoot, type RootOptions } from './fs-root.js';
import { inspectDirectory } from './fs-inspection.js';
import { errnoOf, fsStorageError } from './fs-storage.errors.js';
import { listFiles, listLevel } from './fs-storage.lister.js';
import { sharedPathLocks } from './write/path-locks.js';
import { ReadBuffers } from './read/read-buffers.js';
import { readRange } from './read/read-range.js';
import { isOn } from '../../../config/shortcuts.js';

/** Follows no link at the end of a path, and does not block on a pipe or device. */
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Ranges up to this size are read at once, because a stream costs more than their bytes. */
const SHORT_BYTES = isOn('short-reads') ? 128 * 1024 : 0;
/** Shared by all providers, so that many stages hold no more memory. */
const readBuffers = new ReadBuffers();
const giveBack = readBuffers.give.bind(readBuffers);
const HAS_OWN_BODIES = isOn('file-bodies');
const MAX_CONCURRENT_REMOVALS = 16;
/** Codes of `rmdir` for a directory that is not empty, or for another file. */
const NOT_EMPTY = new Set(['ENOTEMPTY', 'EEXIST', 'ENOTDIR']);

/** Objects as files below a directory of the server. */
export class FsStorageProvider implements StorageProvider {
  readonly scheme = 'fs';
  readonly capabilities = {
    presign: false,
    maxObjectBytes: Number.MAX_SAFE_INTEGER,
    contentEtag: false,
    contentType: false,
    dotComponents: false,
    copy: false,
    move: true,
  };
  readonly #root: FsRoot;
  readonly #writer: FsObjectWriter;
  readonly #mover: FsObjectMover;

  constructor(directory: string, options: RootOptions = {}) {
    this.#root = new FsRoot(directory, options);
    this.#writer = new FsObjectWriter(this.#root);
    this.#mover = new FsObjectMover(this.#root);
  }

  async put(key: ObjectKey, body: Readable, options: PutOptions = {}): Promise<PutResult> {
    try {
      options.signal?.throwIfAborted();
      return await this.#writer.write(key, body, options);
    } catch (error) {
      body.destroy();
      if (error instanceof CommitRejected) throw error.reason;
      throw putError(this.#rootErrorOr(error), key, body, options.signal);
    }
  }

  source(key: ListedKey): ObjectSource {
    return { store: this, key };
  }

  copy(_source: ObjectSource, key: ObjectKey): Promise<PutResult> {
    const context = { operation: 'copy', scheme: this.scheme, key };
    return Promise.reject(
      new StorageError('Unsupported', 'A disk copies no file by itself: its bytes are read and written.', {
        context,
      }),
    );
  }

  async move(source: ObjectSource, key: ObjectKey, options: CopyOptions = {}): Promise<PutResult> {
    try {
      options.signal?.throwIfAborted();
      assertCopyable(source, this, key);
      const from = this.#root.pathOfListed(source.key);
      this.#root.assertExact(from);
      const moved = await this.#mover.move(source.key, key, options);
      await this.#root.prune(parentOf(from));
      return moved;
    } catch (error) {
      if (error instanceof CommitRejected) throw error.reason;
      const failure = operationError(this.#rootErrorOr(error), 'move', key, options.signal);
      if (failure.kind === 'NotFound') this.#root.assertAvailable();
      throw failure;
    }
  }

  async get(key: ListedKey, options: GetOptions = {}): Promise<ObjectBody> {
    return this.#withRootCheck('get', key, options.signal, async () => {
      const fd = this.#openForReading(key);
      try {
        const stat = objectStat(key, statsOfOpened(fd));
        const range = resolveRange(options.range, stat.size);
        if (lengthOf(range) > SHORT_BYTES) return { stat, range, body: readStream(fd, range, options) };
        const body = await readShort(fd, range, options);
        closeSync(fd);
        return { stat, range, body };
      } catch (error) {
        closeSync(fd);
        throw error;
      }
    });
  }

  async stat(key: ListedKey, options: OperationOptions = {}): Promise<ObjectStat> {
    return this.#withRootCheck('stat', key, options.signal, () => {
      return objectStat(key, this.#inDirectoryOf(this.#root.pathOfListed(key), statsOfFile));
    });
  }

  list(options: ListOptions = {}): AsyncGenerator<readonly ObjectStat[]> {
    return listing(options.signal, () => listFiles(this.#root, options));
  }

  listLevel(options: LevelOptions = {}): AsyncGenerator<readonly LevelEntry[]> {
    return listing(options.signal, () => listLevel(this.#root, options));
  }

  async remove(keys: readonly ListedKey[], options: RemoveOptions = {}): Promise<RemoveReport> {
    return withStorageErrors('remove', undefined, options.signal, async () => {
      this.#root.assertAvailable();
      const failures: RemoveFailure[] = [];
      const remaining = [...new Set(keys)];
      const emptied = new Map<string, FsPath>();
      const slices = new TimeSlices();
      const removeNext = async (): Promise<void> => {
        for (let key = remaining.pop(); key !== undefined; key = remaining.pop()) {
          // A missing file is reported without any wait, so yield to other tasks here.
          if (slices.isOver) await slices.next();
          options.signal?.throwIfAborted();
          const failure = await this.#removeOne(key, options, emptied);
          if (failure !== undefined) failures.push(failure);
        }
      };
      await Promise.all(Array.from({ length: MAX_CONCURRENT_REMOVALS }, removeNext));
      for (const directory of emptied.values()) await this.#root.prune(directory);
      return { removed: new Set(keys).size - failures.length, failures };
    });
  }

  async removeOrphan(orphan: Orphan): Promise<void> {
    return withStorageErrors('removeOrphan', undefined, undefined, () => this.#writer.removeOrphan(orphan));
  }

  presign({ key }: PresignTarget): Promise<PresignedRequest> {
    const context = { operation: 'presign', scheme: this.scheme, key };
    return Promise.reject(
      new StorageError('Unsupported', 'A local directory has no URLs of its own to presign.', { context }),
    );
  }

  inspect(): Promise<readonly StoreFinding[]> {
    return Promise.resolve([inspectDirectory(this.#root.path)]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Returns the root's own error for ENOTDIR, because the file in place of a directory can be the root itself. */
  #rootErrorOr(error: unknown): unknown {
    try {
      if (errnoOf(error) === 'ENOTDIR') this.#root.assertAvailable();
      return error;
    } catch (missing) {
      return missing;
    }
  }

  /** Checks the root after `NotFound`: a missing root says nothing about its objects. */
  #withRootCheck<T>(
    operation: string,
    key: ListedKey,
    signal: AbortSignal | undefined,
    run: () => T | Promise<T>,
  ): Promise<T> {
    return withStorageErrors(operation, key, signal, async () => {
      try {
        return await run();
      } catch (error) {
        const failure = readError(error, operation, key, signal);
        if (failure.kind === 'NotFound') this.#root.assertAvailable();
        throw failure;
      }
    });
  }

  #openForReading(key: ListedKey): number {
    return this.#inDirectoryOf(this.#root.pathOfListed(key), (path) => openSync(path, OPEN_FLAGS));
  }

  /** @param act gets a path of the name in the held directory, which stays the same if the directory's path is replaced. */
  #inDirectoryOf<T>(path: FsPath, act: (path: FsPath) => T): T {
    const directory = this.#holdParentOf(path);
    try {
      return act(directory.pathOf(nameOf(path)));
    } finally {
      directory.close();
    }
  }

  #holdParentOf(path: FsPath): HeldDirectory {
    this.#root.assertExact(path);
    return this.#root.holdToRead(parentOf(path));
  }

  async #removeOne(
    key: ListedKey,
    { etag }: RemoveOptions,
    emptied: Map<string, FsPath>,
  ): Promise<RemoveFailure | undefined> {
    try {
      if (key.endsWith('/')) {
        await this.#removeDirectory(key, emptied);
        return undefined;
      }
      const path = this.#root.pathOfListed(key);
      await sharedPathLocks.run(pathText(path), async () => {
        const parent = this.#holdParentOf(path);
        try {
          const held = parent.pathOf(nameOf(path));
          const stats = statsOfFile(held); // a link or a directory is no object, and stays
          if (etag !== undefined && etag !== etagOf(stats))
            throw etagMismatch({ operation: 'remove', scheme: 'fs', key });
          await unlink(held);
        } catch (error) {
          throw busyNameError(error, parent, nameOf(path));
        } finally {
          parent.close();
        }
      });
      const directory = parentOf(path);
      emptied.set(pathText(directory), directory);
    } catch (error) {
      const failure = readError(error, 'remove', key, undefined);
      return failure.kind === 'NotFound' ? undefined : { key, error: failure };
    }
    return undefined;
  }

  /** Removes the directory of a marker if it is empty. */
  async #removeDirectory(marker: ListedKey, emptied: Map<string, FsPath>): Promise<void> {
    const path = parentOf(this.#root.pathOfListed(listedKey(`${marker}file`)));
    this.#root.assertExact(path);
    this.#root.holdToRead(path).close();
    await this.#root.removeEmpty(path).catch((error: unknown) => {
      if (!NOT_EMPTY.has(errnoOf(error) ?? '')) throw error;
    });
    const parent = parentOf(path);
    emptied.set(pathText(parent), parent);
  }
}

function statsOfFile(path: FsPath): Stats {
  const stats = lstatSync(path);
  if (!stats.isFile()) throw noSuchFile();
  return stats;
}

function statsOfOpened(fd: number): Stats {
  const stats = fstatSync(fd);
  if (!stats.isFile()) throw noSuchFile();
  return stats;
}

function lengthOf({ start, end }: ObjectBody['range']): number {
  return end - start + 1;
}

async function readShort(fd: number, range: ObjectBody['range'], options: GetOptions): Promise<ShortBody> {
  const bytes = await readRange(fd, range, readBuffers);
  return new ShortBody(bytes, options.reusesChunks === true ? giveBack : undefined);
}

function readStream(fd: number, range: ObjectBody['range'], options: GetOptions): Readable {
  const body = HAS_OWN_BODIES
    ? new FileBody(fd, range, options.reusesChunks === true)
    : createReadStream('', { fd, ...range });
  destroyOnAbort(body, options.signal);
  return body;
}

function noSuchFile(): StorageError {
  return new StorageError('NotFound', 'There is no such file.');
}

async function* listing<Batch>(
  signal: AbortSignal | undefined,
  list: () => AsyncIterable<Batch>,
): AsyncGenerator<Batch> {
  try {
    signal?.throwIfAborted();
    yield* list();
  } catch (error) {
    throw operationError(error, 'list', undefined, signal);
  }
}

async function withStorageErrors<T>(
  operation: string,
  key: ListedKey | undefined,
  signal: AbortSignal | undefined,
  run: () => T | Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw readError(error, operation, key, signal);
  }
}

/** Reports a name that the file system cannot store as `NotFound`: no file has it. */
function readError(
  error: unknown,
  operation: string,
  key: ListedKey | undefined,
  signal: AbortSignal | undefined,
): StorageError {
  const failure = operationError(error, operation, key, signal);
  return failure === error || failure.kind !== 'InvalidKey' ? failure : noSuchFile();
}

function putError(
  error: unknown,
  key: ObjectKey,
  body: Readable,
  signal: AbortSignal | undefined,
): StorageError {
  const isBodyFailure =
    body.errored === error && signal?.aborted !== true && !(error instanceof StorageError);
  if (!isBodyFailure) return operationError(error, 'put', key, signal);
  return new StorageError('Unexpected', 'The body ended in an error.', {
    context: { operation: 'put', scheme: 'fs', key },
    cause: error,
  });
}

function operationError(
  error: unknown,
  operation: string,
  key: string | undefined,
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
