export type Bytes = Uint8Array<ArrayBuffer>;
type Content = ReadableStream<Bytes>;

/** Puts what comes next behind the bytes that are there. @returns all of them; undefined at the end. */
type Filler = (there: Bytes) => Promise<Bytes | undefined>;

/** Longer lines get more. */
const USUAL_BYTES = 65_536;
const NEWLINE = 10;

/**
 * Reads a text while it comes, and yields what has come of it in whole lines. The bytes are those of one buffer, up to the next
 * call: a browser frees late what it allocates for an answer, piece by piece or as texts.
 */
export async function* wholeLines(content: Content): AsyncGenerator<Bytes, void, undefined> {
  const fill = fillerOf(content);
  let there: Bytes = new Uint8Array(new ArrayBuffer(USUAL_BYTES), 0, 0);
  for (;;) {
    const bytes = await fill(there);
    if (bytes === undefined) return;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield bytes.subarray(0, end);
    bytes.copyWithin(0, end);
    there = bytes.subarray(0, bytes.length - end);
  }
}

function fillerOf(content: Content): Filler {
  try {
    return fillerOfBytes(content.getReader({ mode: 'byob' }));
  } catch {
    return fillerOfPieces(content.getReader()); // Safari before 26 has no other reader
  }
}

/** Has the browser write into the buffer that is there. */
function fillerOfBytes(reader: ReadableStreamBYOBReader): Filler {
  return async (there) => {
    const { buffer, length } = withRoom(there, 1);
    const { value, done } = await reader.read(new Uint8Array(buffer, length));
    return done ? undefined : new Uint8Array(value.buffer, 0, length + value.length);
  };
}

function fillerOfPieces(reader: ReadableStreamDefaultReader<Bytes>): Filler {
  return async (there) => {
    const { value, done } = await reader.read();
    if (done) return undefined;
    const { buffer, length } = withRoom(there, value.length);
    const bytes = new Uint8Array(buffer, 0, length + value.length);
    bytes.set(value, length);
    return bytes;
  };
}

/** The same bytes at the beginning of a buffer that has room for so many more. */
function withRoom(bytes: Bytes, more: number): Bytes {
  const { buffer, length } = bytes;
  if (length + more <= buffer.byteLength) return bytes;
  const larger = new Uint8Array(Math.max(2 * buffer.byteLength, length + more));
  larger.set(bytes);
  return larger.subarray(0, length);
}
