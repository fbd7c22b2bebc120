import { crc32 } from 'node:zlib';
import { ShortBody } from '../../storage/contract/short-body.js';
import type { ObjectBody } from '../../storage/contract/storage-provider.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import {
  dataDescriptor,
  directoryRecord,
  endOfArchive,
  localHeader,
  type WrittenEntry,
  type ZipEntry,
} from './zip-records.js';

/** Records are kept in blocks: millions of small buffers would cost more than their bytes. */
const BLOCK_BYTES = 256 * 1024;

/** A file for an archive. */
export interface ArchivedFile {
  /** Its name in the archive. */
  readonly name: string;
  readonly file: Pick<ObjectBody, 'stat' | 'body'>;
}

/**
 * Writes a ZIP archive of any size as it is read: contents as they are, then the directory. Of a file it keeps nothing but its record
 * in the directory, some 70 bytes and its name. If a file fails, so does the archive, which then has no directory.
 */
export class ZipStream {
  readonly #directory = new Blocks();
  #entries = 0;
  #offset = 0;

  async *write(files: AsyncIterable<ArchivedFile>): AsyncGenerator<Buffer> {
    for await (const { name, file } of files) {
      const { size, lastModified: modified } = file.stat;
      const entry = { name: Buffer.from(name), size, modified };
      try {
        yield* file.body instanceof ShortBody ? this.#short(entry, file.body) : this.#long(entry, file.body);
      } finally {
        file.body.destroy();
      }
    }
    const place = { entries: this.#entries, offset: this.#offset, bytes: this.#directory.bytes };
    yield* this.#directory.blocks();
    yield endOfArchive(place);
  }

  /** A content that is in memory: its checksum stands in its header, as every reader can have it. */
  *#short(entry: ZipEntry, { bytes }: ShortBody): Generator<Buffer> {
    if (bytes.length !== entry.size) throw otherSize(entry);
    const checksum = crc32(bytes);
    const header = localHeader(entry, checksum);
    this.#record({ ...entry, crc32: checksum, offset: this.#offset, isChecksumBehind: false });
    this.#offset += header.length + bytes.length;
    yield Buffer.concat([header, bytes]);
  }

  async *#long(entry: ZipEntry, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    const { size } = entry;
    const header = localHeader(entry, undefined);
    yield header;
    let [checksum, bytes] = [0, 0];
    for await (const chunk of body) {
      checksum = crc32(chunk, checksum);
      bytes += chunk.length;
      if (bytes > size) break;
      yield chunk;
    }
    if (bytes !== size) throw otherSize(entry);
    const descriptor = dataDescriptor(entry, checksum);
    this.#record({ ...entry, crc32: checksum, offset: this.#offset, isChecksumBehind: true });
    this.#offset += header.length + size + descriptor.length;
    yield descriptor;
  }

  #record(entry: WrittenEntry): void {
    this.#entries++;
    this.#directory.add(directoryRecord(entry));
  }
}

/** Bytes that are collected in blocks. */
class Blocks {
  readonly #full: Buffer[] = [];
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #used = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(record: Buffer): void {
    if (this.#used + record.length > BLOCK_BYTES) {
      this.#full.push(this.#block.subarray(0, this.#used));
      this.#block = Buffer.allocUnsafe(Math.max(BLOCK_BYTES, record.length));
      this.#used = 0;
    }
    record.copy(this.#block, this.#used);
    this.#used += record.length;
    this.#bytes += record.length;
  }

  *blocks(): Generator<Buffer> {
    yield* this.#full;
    yield this.#block.subarray(0, this.#used);
  }
}

function otherSize({ name, size }: ZipEntry): StorageError {
  const message = 'A file has another length than its store has said: the archive was broken off.';
  return new StorageError('Unexpected', message, { context: { name: name.toString(), size } });
}
