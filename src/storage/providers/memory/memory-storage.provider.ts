import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { resolveRange } from '../../contract/byte-range.js';
import type { LevelEntry } from '../../contract/levels/level-entry.js';
import { type ListedKey, listedAs, listedKey } from '../../contract/listed-key.js';
import type { ObjectKey } from '../../contract/object-key.js';
import { assertCopyable, assertSourceVersion, type ObjectSource } from '../../contract/object-source.js';
import { checksumsOf } from '../../checksums/running-checksums.js';
import { etagMismatch, assertCondition } from '../../contract/put-condition.js';
import { confirmCommit, CommitRejected } from '../../contract/commit-rejected.js';
import type {
  CopyOptions,
  GetOptions,
  LevelOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PresignOptions,
  PresignTarget,
  PutCondition,
  PutOptions,
  PutResult,
  RemoveFailure,
  RemoveOptions,
  RemoveReport,
  StorageCapabilities,
  StorageProvider,
} from '../../contract/storage-provider.js';
import {
  bodyFailure,
  contextOf,
  type MemoryOperation,
  notFound,
  assertNotAborted,
  tooLarge,
  unsupported,
} from './memory-storage.errors.js';
import { listLevel, listObjects } from './memory-storage.lister.js';

const DEFAULT_MAX_OBJECT_BYTES = 1024 ** 3;
const CHUNK_BYTES = 64 * 1024;

interface StoredObject {
  readonly content: Buffer;
  readonly stat: ObjectStat;
}

/** A store that lives as long as this object, for tests only. */
export class MemoryStorageProvider implements StorageProvider {
  readonly scheme = 'memory';
  readonly capabilities: StorageCapabilities;
  readonly #objects = new Map<string, StoredObject>();

  constructor(maxObjectBytes = DEFAULT_MAX_OBJECT_BYTES) {
    this.capabilities = {
      presign: false,
      maxObjectBytes,
      contentEtag: true,
      contentType: true,
      dotComponents: true,
      copy: true,
      move: true,
    };
  }

  async put(key: ObjectKey, body: Readable, options: PutOptions = {}): Promise<PutResult> {
    const operation = { operation: 'put', key };
    try {
      assertNotAborted(operation, options.signal);
      this.#assertCondition(operation, key, options.condition);
      const content = await this.#collect(body, operation, options);
      const putContent = { size: content.length, checksums: checksumsOf([content], options.checksums) };
      await confirmCommit(options, putContent);
      assertNotAborted(operation, options.signal);
      this.#assertCondition(operation, key, options.condition);
      const stat = statOf(listedAs(key), content, options.contentType ?? null);
      this.#objects.set(key, { content, stat });
      return { key, ...putContent, etag: stat.etag };
    } catch (error) {
      body.destroy();
      if (error instanceof CommitRejected) throw error.reason;
      throw bodyFailure(error, operation, options.signal);
    }
  }

  source(key: ListedKey): ObjectSource {
    return { store: this, key };
  }

  copy(source: ObjectSource, key: ObjectKey, options: CopyOptions = {}): Promise<PutResult> {
    return this.#copy({ operation: 'copy', key }, source, options);
  }

  move(source: ObjectSource, key: ObjectKey, options: CopyOptions = {}): Promise<PutResult> {
    return this.#copy({ operation: 'move', key }, source, options);
  }

  async get(key: ListedKey, options: GetOptions = {}): Promise<ObjectBody> {
    const operation = { operation: 'get', key };
    await yieldToOthers(operation, options.signal);
    const { content, stat } = this.#find(operation, key);
    const range = resolveRange(options.range, content.length);
    const bytes = content.subarray(range.start, range.end + 1);
    const body = Readable.from(chunksOf(bytes, operation, options.signal), { objectMode: false });
    return { stat, range, body };
  }

  async stat(key: ListedKey, options: OperationOptions = {}): Promise<ObjectStat> {
    const operation = { operation: 'stat', key };
    await yieldToOthers(operation, options.signal);
    return this.#find(operation, key).stat;
  }

  list(options: ListOptions = {}): AsyncIterable<readonly ObjectStat[]> {
    return listObjects(this.#objects, options);
  }

  listLevel(options: LevelOptions = {}): AsyncIterable<readonly LevelEntry[]> {
    return listLevel(this.#objects, options);
  }

  async remove(keys: readonly ListedKey[], options: RemoveOptions = {}): Promise<RemoveReport> {
    await yieldToOthers({ operation: 'remove' }, options.signal);
    const distinct = new Set(keys);
    const failures: RemoveFailure[] = [];
    for (const key of distinct) {
      const existing = this.#objects.get(key);
      if (existing === undefined || options.etag === undefined || existing.stat.etag === options.etag) {
        this.#objects.delete(key);
      } else failures.push({ key, error: etagMismatch(contextOf({ operation: 'remove', key })) });
    }
    return { removed: distinct.size - failures.length, failures };
  }

  async presign({ key }: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    const operation = { operation: 'presign', key };
    await yieldToOthers(operation, options.signal);
    throw unsupported(operation);
  }

  /** Stores an object under any key, as another program could. */
  plant(key: string, content: Buffer): void {
    this.#objects.set(key, { content, stat: statOf(listedKey(key), content, null) });
  }

  /** Does nothing: no data outlives the process. */
  removeOrphan(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#objects.clear();
    return Promise.resolve();
  }

  /** Makes the object appear in the turn in which its condition and its source were looked at last. */
  async #copy(
    operation: { readonly operation: 'copy' | 'move'; readonly key: ObjectKey },
    source: ObjectSource,
    options: CopyOptions,
  ): Promise<PutResult> {
    const { key } = operation;
    try {
      await yieldToOthers(operation, options.signal);
      assertCopyable(source, this, key);
      const { size } = this.#findSource(operation, source, options);
      this.#assertCondition(operation, key, options.condition);
      await confirmCommit(options, { size, checksums: {} });
      assertNotAborted(operation, options.signal);
      this.#assertCondition(operation, key, options.condition);
      const { content, contentType, etag } = this.#findSource(operation, source, options);
      this.#objects.set(key, { content, stat: statOf(listedAs(key), content, contentType) });
      if (operation.operation === 'move') this.#objects.delete(source.key);
      return { key, size: content.length, checksums: {}, etag };
    } catch (error) {
      throw error instanceof CommitRejected ? error.reason : error;
    }
  }

  #findSource(
    operation: MemoryOperation,
    { key }: ObjectSource,
    { sourceEtag }: CopyOptions,
  ): ObjectStat & { readonly content: Buffer } {
    const { stat, content } = this.#find(operation, key);
    assertSourceVersion(stat, sourceEtag, contextOf(operation));
    return { ...stat, content };
  }

  async #collect(
    body: Readable,
    operation: MemoryOperation,
    { signal, memory }: PutOptions,
  ): Promise<Buffer> {
    if (signal !== undefined) addAbortSignal(signal, body);
    const chunks: Buffer[] = [];
    let size = 0;
    // The stream yields bytes, which its type cannot express.
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      memory?.release(chunk.length); // the object holds it from now on
      if (size > this.capabilities.maxObjectBytes)
        throw tooLarge(operation, this.capabilities.maxObjectBytes);
      chunks.push(chunk);
    }
    assertNotAborted(operation, signal);
    return Buffer.concat(chunks, size);
  }

  #assertCondition(operation: MemoryOperation, key: ObjectKey, condition: PutCondition | undefined): void {
    assertCondition(condition, this.#objects.get(key)?.stat, contextOf(operation));
  }

  #find(operation: MemoryOperation, key: ListedKey): StoredObject {
    const object = this.#objects.get(key);
    if (object === undefined) throw notFound(operation);
    return object;
  }
}

/** Yields once, so that callers meet the interleavings of a remote store. */
async function yieldToOthers(operation: MemoryOperation, signal: AbortSignal | undefined): Promise<void> {
  assertNotAborted(operation, signal);
  await setImmediate();
  assertNotAborted(operation, signal);
}

function statOf(key: ListedKey, content: Buffer, contentType: string | null): ObjectStat {
  const md5 = createHash('md5').update(content).digest('hex');
  return { key, size: content.length, lastModified: new Date(), etag: `"${md5}"`, md5, contentType };
}

function* chunksOf(
  bytes: Buffer,
  operation: MemoryOperation,
  signal: AbortSignal | undefined,
): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    assertNotAborted(operation, signal);
    yield bytes.subarray(from, from + CHUNK_BYTES);
  }
}
