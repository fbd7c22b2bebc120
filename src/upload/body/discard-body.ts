import type { Readable } from 'node:stream';
import type { BufferLease } from '../../storage/contract/buffer-lease.js';

/** Reads a body to its end and discards it. */
export async function discardBody(body: Readable, memory: BufferLease): Promise<void> {
  for await (const chunk of body as AsyncIterable<Buffer>) memory.release(chunk.length); // byte streams
}
