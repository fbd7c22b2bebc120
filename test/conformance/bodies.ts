import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';

export const KIB = 1024;
export const MIB = 1024 * KIB;

const CHUNK_BYTES = 64 * KIB;

/** Where the content of the next seed begins: no part of an object is a multiple of it. */
const SEED_BYTES = 4_099;

/** Made once for many cases, and longer when one asks for more. */
let stream = Buffer.alloc(0);

/** Bytes without any repetition, the same for the same seed. They are shared: nobody may write into them. */
export function contentOf(size: number, seed = 1): Buffer {
  const from = seed * SEED_BYTES;
  if (stream.length < from + size) stream = streamOf(2 * (from + size));
  return stream.subarray(from, from + size);
}

function streamOf(size: number): Buffer<ArrayBuffer> {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** A body that yields the content and ends. */
export function bodyOf(content: Buffer | string, chunkBytes = CHUNK_BYTES): Readable {
  return Readable.from(chunksOf(Buffer.from(content), chunkBytes), { objectMode: false });
}

/** A body whose chunks come one by one, each in a later turn of the event loop. */
export function slowBodyOf(chunks: readonly Buffer[], pause: () => Promise<unknown>): Readable {
  async function* slowly(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) {
      await pause();
      yield chunk;
    }
  }
  return Readable.from(slowly(), { objectMode: false });
}

/** A body that yields the content, and then fails; without an error it is destroyed without one. */
export function failingBody(content: Buffer, error?: Error): Readable {
  return new PieceworkBody(content, (body) => body.destroy(error));
}

/** A body that yields the content, waits for the gate, then yields the rest and ends. */
export function gatedBody(content: Buffer, gate: Promise<void>, rest: Buffer): Readable {
  async function* gated(): AsyncGenerator<Buffer> {
    yield* chunksOf(content, CHUNK_BYTES);
    await gate;
    yield rest;
  }
  return Readable.from(gated(), { objectMode: false });
}

/** A body that yields the content and then nothing more, without ever ending; `starved` says when it has come so far. */
export function hangingBody(content: Buffer): { body: Readable; starved: Promise<void> } {
  const starved = gate();
  return { body: new PieceworkBody(content, starved.open), starved: starved.opened };
}

/** How many bytes of a body its reader has taken so far. */
export function takenFrom(body: Readable, onTaken: (taken: number) => void = () => undefined): () => number {
  const emit = body.emit.bind(body) as (event: string | symbol, ...values: unknown[]) => boolean;
  let taken = 0;
  // Whoever takes a chunk, and in whichever way, the stream tells of it as of its data.
  body.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    const [chunk] = values;
    if (event === 'data' && Buffer.isBuffer(chunk)) onTaken((taken += chunk.length));
    return emit(event, ...values);
  };
  return () => taken;
}

/** A promise and what fulfils it. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** Yields its content and then does what it is told: no generator, because a waiting one cannot be destroyed. */
class PieceworkBody extends Readable {
  readonly #chunks: Iterator<Buffer>;
  readonly #atEnd: (body: Readable) => void;

  constructor(content: Buffer, atEnd: (body: Readable) => void) {
    super();
    this.#chunks = chunksOf(content, CHUNK_BYTES);
    this.#atEnd = atEnd;
  }

  override _read(): void {
    const next = this.#chunks.next();
    if (next.done !== true) this.push(next.value);
    else if (this.readableLength === 0) this.#atEnd(this);
    // What has been pushed must be taken first: a destroyed stream drops it.
    else
      setImmediate(() => {
        this.#finish();
      });
  }

  #finish(): void {
    if (this.destroyed) return;
    if (this.readableLength === 0) this.#atEnd(this);
    else
      setImmediate(() => {
        this.#finish();
      });
  }
}

function* chunksOf(content: Buffer, chunkBytes: number): Generator<Buffer> {
  for (let from = 0; from < content.length; from += chunkBytes) {
    yield content.subarray(from, from + chunkBytes);
  }
}
