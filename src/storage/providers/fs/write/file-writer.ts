import { Writable } from 'node:stream';
import type { Checksums } from '../../../contract/checksums.js';
import type { PutOptions } from '../../../contract/storage-provider.js';
import { FileChecksums } from './file-checksums.js';
import type { TemporaryFile } from './temporary-file.js';
import { isOn } from '../../../../config/shortcuts.js';

/** Smaller writes cost measurable time in system calls. */
const BATCH_BYTES = isOn('write-batches') ? 512 * 1024 : 1;
/** Linux's IOV_MAX: more buffers need more system calls, and tiny chunks must not accumulate. */
const BATCH_BUFFERS = 1024;
/** Syncs dirty pages while the rest still arrives, so that the last sync is short. */
const SYNC_EVERY_BYTES = isOn('background-syncs') ? 64 * 1024 * 1024 : Infinity;
/** The longest time that bytes of a slow body wait for a batch. */
const MAX_HELD_MS = 100;

/**
 * Writes to an open file. Keeps chunks by reference and writes them in batches, and collects the next batch meanwhile. 'finish'
 * means that every byte is synced to the disk. The opener of the file closes it, after `settled()`.
 */
export class FileWriter extends Writable {
  readonly #file: Pick<TemporaryFile, 'fd' | 'write' | 'sync'>;
  readonly #memory: PutOptions['memory'];
  readonly #checksums: FileChecksums;
  #result: Checksums = {};
  #flushTimer: NodeJS.Timeout | undefined;
  #batch: Buffer[] = [];
  #batchBytes = 0;
  #pendingBytes = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #syncing: Promise<void> | undefined;
  #written = 0;
  #syncStarted = 0;
  #failure: Error | undefined;

  constructor(
    file: Pick<TemporaryFile, 'fd' | 'write' | 'sync'>,
    { memory, checksums = [] }: Pick<PutOptions, 'memory' | 'checksums'> = {},
  ) {
    super({ highWaterMark: 512 * 1024 });
    this.#file = file;
    this.#memory = memory;
    this.#checksums = new FileChecksums(file.fd, checksums);
    memory?.needs(BATCH_BYTES);
  }

  /** The number of bytes written to the file system. */
  get bytesWritten(): number {
    return this.#written;
  }

  /** The error of the file system; failures of the body are not included. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** The checksums of every written byte, after 'finish'. */
  get checksums(): Checksums {
    return this.#result;
  }

  /** Resolves when nothing uses the file any more, after a success or a failure. */
  async settled(): Promise<void> {
    clearInterval(this.#flushTimer);
    await this.#writing;
    await this.#syncing;
    await this.#checksums.close();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#pendingBytes = chunk.length;
    this.#batch.push(chunk);
    this.#batchBytes += chunk.length;
    if (this.#batchBytes < BATCH_BYTES && this.#batch.length < BATCH_BUFFERS) {
      this.#flushTimer ??= setInterval(() => {
        this.#flush();
      }, MAX_HELD_MS);
      this.#pendingBytes = 0;
      callback();
      return;
    }
    void this.#writing.then(() => {
      this.#startBatch();
      this.#pendingBytes = 0;
      callback(this.#failure);
    });
  }

  /** Writes an incomplete batch of a slow body. */
  #flush(): void {
    if (!this.#isWriting && this.#batch.length > 0) this.#startBatch();
  }

  override _final(callback: (error?: Error | null) => void): void {
    void this.#finish().then(() => {
      callback(this.#failure);
    });
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // Releases the batch and the stream's own buffer, except the chunk that both contain.
    this.#memory?.release(this.#batchBytes + this.writableLength - this.#pendingBytes);
    this.#batch = [];
    this.#batchBytes = 0;
    void this.settled().then(() => {
      callback(error);
    });
  }

  async #finish(): Promise<void> {
    clearInterval(this.#flushTimer);
    await this.#writing;
    if (this.#written === 0) this.#checksums.hashWhole(this.#batch);
    if (this.#batch.length > 0) this.#startBatch();
    await this.#writing;
    await this.#syncing;
    await Promise.all([
      this.#guarded(() => this.#file.sync()),
      this.#guarded(async () => {
        this.#result = await this.#checksums.result();
      }),
    ]);
  }

  #startBatch(): void {
    const batch = this.#batch;
    const bytes = this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    this.#isWriting = true;
    this.#writing = this.#guarded(() => this.#writeAll(batch)).then(() => {
      this.#isWriting = false;
      this.#memory?.release(bytes);
    });
  }

  async #writeAll(batch: Buffer[]): Promise<void> {
    let rest = batch;
    while (rest.length > 0) {
      const count = await this.#file.write(rest, this.#written);
      this.#written += count;
      rest = withoutFirst(rest, count);
    }
    await this.#checksums.onWritten(this.#written);
    if (this.#written - this.#syncStarted >= SYNC_EVERY_BYTES) this.#syncInBackground();
  }

  #syncInBackground(): void {
    if (this.#syncing !== undefined) return;
    this.#syncStarted = this.#written;
    this.#syncing = this.#guarded(() => this.#file.sync()).then(() => {
      this.#syncing = undefined;
    });
  }

  /** Never rejects: keeps the first failure, and skips every later step. */
  async #guarded(step: () => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await step();
    } catch (error) {
      this.#failure ??= error as Error; // the file rejects with nothing else
    }
  }
}

/** Returns the rest of the buffers after `count` bytes, because a write may be short. */
function withoutFirst(buffers: Buffer[], count: number): Buffer[] {
  let remaining = count;
  let index = 0;
  for (
    let buffer = buffers[0];
    buffer !== undefined && remaining >= buffer.length;
    buffer = buffers[++index]
  ) {
    remaining -= buffer.length;
  }
  const rest = buffers.slice(index);
  const [partial] = rest;
  if (partial !== undefined && remaining > 0) rest[0] = partial.subarray(remaining);
  return rest;
}
