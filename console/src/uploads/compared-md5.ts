import { Md5 } from '../lib/md5.js';

/** The md5 of a sent file, beside that of the file here. */
export type Comparison = 'same' | 'other' | 'unknown';

/** Small enough that the page answers in between. */
const PIECE_BYTES = 262_144;

/** Says that a file came in otherwise than it went out. */
export class OtherContentError extends Error {
  override readonly name = 'OtherContentError';

  constructor() {
    super(
      'What is stored has another md5 than the file here. Was the file changed meanwhile? Send it again, or remove it.',
    );
  }
}

/** The md5 of a file, in hex, read piece by piece. */
export async function md5Of(file: Blob, signal: AbortSignal): Promise<string> {
  const md5 = new Md5();
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    signal.throwIfAborted();
    md5.update(new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer()));
  }
  return md5.digest();
}

export function compared(here: string, stored: string | null): Comparison {
  if (stored === null) return 'unknown';
  return here === stored ? 'same' : 'other';
}
