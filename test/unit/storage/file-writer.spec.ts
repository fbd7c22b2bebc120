import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { FileWriter } from '../../../src/storage/providers/fs/write/file-writer.js';
import { TemporaryFile } from '../../../src/storage/providers/fs/write/temporary-file.js';
import { HeldMemory } from '../../conformance/held-memory.js';

const MIB = 1024 * 1024;

/** A file that is not there: it takes so many bytes a write, counts its users, and fails when told. */
class FakeFile {
  readonly fd = -1;
  length = 0;
  readonly #pieces: Buffer[] = [];
  readonly batches: number[] = [];
  /** Bytes written when a sync was asked for. */
  readonly syncs: number[] = [];
  writing = 0;
  mostWriting = 0;
  readonly #bytesAWrite: number;
  readonly #failAtWrite: number;
  readonly #syncFails: boolean;
  readonly #writeMs: number;

  constructor({ bytesAWrite = Infinity, failAtWrite = Infinity, syncFails = false, writeMs = 0 } = {}) {
    this.#bytesAWrite = bytesAWrite;
    this.#failAtWrite = failAtWrite;
    this.#syncFails = syncFails;
    this.#writeMs = writeMs;
  }

  get content(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  async write(buffers: readonly Buffer[], position: number): Promise<number> {
    this.mostWriting = Math.max(this.mostWriting, ++this.writing);
    this.batches.push(buffers.length);
    await (this.#writeMs === 0 ? setImmediate() : setTimeout(this.#writeMs));
    this.writing--;
    if (this.batches.length >= this.#failAtWrite) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    expect(position).toBe(this.length);
    const bytes = Buffer.concat(buffers).subarray(0, this.#bytesAWrite);
    this.#pieces.push(bytes);
    this.length += bytes.length;
    return bytes.length;
  }

  async sync(): Promise<void> {
    this.syncs.push(this.length);
    await setImmediate();
    if (this.#syncFails) throw Object.assign(new Error('bad disk'), { code: 'EIO' });
  }
}

async function write(file: FakeFile, chunks: readonly Buffer[]): Promise<FileWriter> {
  const sink = new FileWriter(file);
  await pipeline(Readable.from(chunks, { objectMode: false }), sink);
  return sink;
}

function chunksOf(content: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(content.length / size) }, (_, i) =>
    content.subarray(i * size, (i + 1) * size),
  );
}

describe('a file sink', () => {
  it.each([
    ['nothing', 0, 1, Infinity],
    ['one byte', 1, 1, Infinity],
    ['chunks of 64 KiB', 5 * MIB + 1, 65_536, Infinity],
    ['chunks of odd size', 3 * MIB, 99_991, Infinity],
    ['one chunk larger than a batch', 3 * MIB, 3 * MIB, Infinity],
    ['tiny chunks', 20_000, 3, Infinity],
    ['writes that are short by odd numbers', 3 * MIB + 7, 65_536, 100_003],
    ['writes that end where a chunk ends', 2 * MIB, 65_536, 65_536],
    ['writes of one byte', 3000, 100, 1],
  ])('writes %s in order, and syncs at the end', async (_what, size, chunkBytes, bytesAWrite) => {
    const content = randomBytes(size);
    const file = new FakeFile({ bytesAWrite });
    const sink = await write(file, chunksOf(content, chunkBytes));
    expect(file.content.equals(content)).toBe(true);
    expect(sink.bytesWritten).toBe(size);
    expect(file.syncs.at(-1)).toBe(size);
    expect(file.mostWriting).toBeLessThanOrEqual(1);
  });

  it('takes chunks that are empty', async () => {
    const file = new FakeFile({ bytesAWrite: 2 });
    const sink = new FileWriter(file);
    for (const text of ['', 'abc', '', '', 'd', '']) sink.write(Buffer.from(text));
    await new Promise<void>((resolve) => sink.end(resolve));
    expect(file.content.toString()).toBe('abcd');
  });

  it('never hands more than 1024 buffers to one write, and batches what is tiny', async () => {
    const file = new FakeFile();
    await write(file, chunksOf(randomBytes(5000), 1));
    expect(Math.max(...file.batches)).toBeLessThanOrEqual(1024);
    expect(file.batches.length).toBeLessThan(10);
  });

  it('syncs in the background after every 64 MiB', async () => {
    const file = new FakeFile();
    const zeros = Buffer.alloc(MIB);
    await write(
      file,
      Array.from({ length: 130 }, () => zeros),
    );
    const background = file.syncs.filter((bytes) => bytes < 130 * MIB);
    expect(background.length).toBeGreaterThanOrEqual(1);
    expect(background.every((bytes) => bytes >= 64 * MIB)).toBe(true);
  });

  it.each([1, 2, 5])('fails with the error of write %d, and writes nothing after it', async (failAtWrite) => {
    const file = new FakeFile({ failAtWrite });
    const writing = write(file, chunksOf(randomBytes(8 * MIB), 65_536));
    await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
    expect(file.batches).toHaveLength(failAtWrite);
    expect(file.syncs).toEqual([]);
  });

  it('fails where the last sync fails: the bytes are not durable', async () => {
    const writing = write(new FakeFile({ syncFails: true }), [Buffer.from('abc')]);
    await expect(writing).rejects.toMatchObject({ code: 'EIO' });
  });

  it('leaves the file alone once it has settled, also when it is destroyed in its middle', async () => {
    const file = new FakeFile();
    const sink = new FileWriter(file);
    sink.on('error', () => undefined);
    for (let i = 0; i < 40; i++) sink.write(randomBytes(65_536));
    sink.destroy(new Error('the client left'));
    await sink.settled();
    const writes = file.batches.length;
    expect(file.writing).toBe(0);
    for (let i = 0; i < 10; i++) await setImmediate();
    expect(file.batches).toHaveLength(writes);
  });

  it('writes drops within 100 ms, and releases them', async () => {
    const file = new FakeFile();
    const memory = new HeldMemory();
    const sink = new FileWriter(file, { memory });
    sink.write(Buffer.from('drop'));
    expect(memory.released).toBe(0);
    await setTimeout(250);
    expect(file.content.toString()).toBe('drop');
    expect(memory.released).toBe(4);
    sink.write(Buffer.from(' by drop'));
    await setTimeout(250);
    expect(file.content.toString()).toBe('drop by drop');
    expect(file.batches).toEqual([1, 1]);
    sink.end();
    await once(sink, 'close');
    expect(memory.released).toBe(12);
    expect(file.syncs).toEqual([12]);
  });

  it('never writes twice at once, however slow the disk is and whenever drops and batches come', async () => {
    const file = new FakeFile({ writeMs: 30, bytesAWrite: 400_000 });
    const sink = new FileWriter(file);
    const sent: Buffer[] = [];
    async function* dropsAndBatches(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 60; i++) {
        const chunk = randomBytes(i % 7 === 0 ? 700_000 : 1 + (i % 5) * 1000);
        sent.push(chunk);
        yield chunk;
        await setTimeout(i % 13 === 0 ? 110 : 7);
      }
    }
    await pipeline(dropsAndBatches, sink);
    expect(file.mostWriting).toBe(1);
    expect(file.content.equals(Buffer.concat(sent))).toBe(true);
  });

  it('writes nothing more by its timer once it has settled', async () => {
    const file = new FakeFile();
    const sink = new FileWriter(file);
    sink.on('error', () => undefined);
    sink.write(Buffer.from('drop'));
    sink.destroy(new Error('the client left'));
    await sink.settled();
    await setTimeout(150);
    expect(file.batches).toEqual([]);
  });

  it('that waits for nothing holds no timer', async () => {
    const file = new FakeFile();
    const sink = await write(file, [Buffer.from('abc')]);
    await sink.settled();
    await setTimeout(120);
    expect(file.batches).toEqual([1]);
  });

  it('writes a real file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stagedoor-sink-'));
    try {
      const content = randomBytes(10 * MIB + 3);
      const file = await TemporaryFile.create(join(folder, 'file'), 0o666);
      const sink = new FileWriter(file);
      await pipeline(Readable.from(chunksOf(content, 65_536), { objectMode: false }), sink);
      await sink.settled();
      await file.close();
      const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
      expect(digest(await readFile(join(folder, 'file')))).toBe(digest(content));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
