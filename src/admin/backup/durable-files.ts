import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type PathLike } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failed } from '../admin-error.js';

export interface CopiedContent {
  /** Bytes. */
  readonly size: number;
  /** Hex digests. */
  readonly sha256: string;
  readonly md5: string;
}

/** Writes and syncs a new file that only its owner can access. @throws AdminError if the disk rejects the file. */
export async function writeNewFile(content: Readable, path: PathLike): Promise<CopiedContent> {
  const digests = new Digests();
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  try {
    await pipeline(content, digests.watching.bind(digests), file);
  } catch (error) {
    if (file.errored !== error || !(error instanceof Error)) throw error;
    throw failed(
      `${path.toString()} cannot be written: ${error.message}. Make room, or look at its disk.`,
      error,
    );
  }
  return digests.result();
}

/** Reads a whole file. @returns its size and digests. */
export async function digestsOf(path: PathLike): Promise<CopiedContent> {
  const digests = new Digests();
  for await (const chunk of createReadStream(path)) digests.add(chunk as Buffer); // without an encoding, chunks are buffers
  return digests.result();
}

class Digests {
  readonly #sha256 = createHash('sha256');
  readonly #md5 = createHash('md5');
  #size = 0;

  async *watching(content: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of content) {
      this.add(chunk);
      yield chunk;
    }
  }

  add(chunk: Buffer): void {
    this.#sha256.update(chunk);
    this.#md5.update(chunk);
    this.#size += chunk.length;
  }

  result(): CopiedContent {
    return { size: this.#size, sha256: this.#sha256.digest('hex'), md5: this.#md5.digest('hex') };
  }
}

/** Creates folders once each, accessible to their owner only, and syncs all of them at the end. */
export class NewFolders {
  readonly #created = new Map<string, Buffer>();

  /** @param path of a folder, as bytes: names need not be UTF-8. */
  async create(path: Buffer): Promise<void> {
    const name = path.toString('latin1');
    if (this.#created.has(name)) return;
    // Typed for strings only; Node also accepts bytes.
    await mkdir(path, { recursive: true, mode: 0o700 });
    this.#created.set(name, path);
  }

  async sync(): Promise<void> {
    for (const path of this.#created.values()) await syncFolder(path);
  }
}

/** Syncs a folder: its entries survive a power failure. */
export async function syncFolder(path: PathLike): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Runs a function for each item, a limited number concurrently. */
export async function forEachOf<Item>(
  items: readonly Item[],
  concurrency: number,
  run: (item: Item) => Promise<void>,
): Promise<void> {
  const remaining = [...items].reverse();
  const next = async (): Promise<void> => {
    for (let item = remaining.pop(); item !== undefined; item = remaining.pop()) await run(item);
  };
  await Promise.all(Array.from({ length: concurrency }, next));
}
