const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const STEPS = 64;
/** Bits by which the steps of each round turn their sum. */
const ROUND_TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const TURNS = perStep((step, round) => ROUND_TURNS[(round << 2) | (step & 3)] ?? 0);
const SINES = perStep((step) => 2 ** 32 * Math.abs(Math.sin(step + 1)));
/** Which word of the block each step takes. */
const WORDS = perStep((step, round) => [step, 5 * step + 1, 3 * step + 5, 7 * step][round] ?? 0).map(
  (word) => word & 15,
);

/** MD5 (RFC 1321) of a content that comes in pieces. Browsers have none. */
export class Md5 {
  readonly #state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  readonly #words = new Int32Array(BLOCK_BYTES / 4);
  /** What is too short for a block yet. */
  readonly #rest = new Uint8Array(BLOCK_BYTES);
  #bytes = 0;

  update(piece: Uint8Array): void {
    const begun = this.#bytes % BLOCK_BYTES;
    let from = 0;
    this.#bytes += piece.length;
    if (begun > 0) {
      from = Math.min(BLOCK_BYTES - begun, piece.length);
      this.#rest.set(piece.subarray(0, from), begun);
      if (begun + from < BLOCK_BYTES) return;
      this.#add(this.#rest, 0);
    }
    for (; from + BLOCK_BYTES <= piece.length; from += BLOCK_BYTES) this.#add(piece, from);
    this.#rest.set(piece.subarray(from));
  }

  /** In hex. Nothing may be added afterwards. */
  digest(): string {
    const bits = BigInt(this.#bytes) * 8n;
    const begun = (this.#bytes + 1 + LENGTH_BYTES) % BLOCK_BYTES;
    const end = new Uint8Array(1 + LENGTH_BYTES + ((BLOCK_BYTES - begun) % BLOCK_BYTES));
    end[0] = 0x80;
    new DataView(end.buffer).setBigUint64(end.length - LENGTH_BYTES, bits, true);
    this.update(end);
    const digest = new DataView(new ArrayBuffer(16));
    for (const [index, word] of this.#state.entries()) digest.setInt32(index * 4, word, true);
    return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #add(bytes: Uint8Array, from: number): void {
    const [state, words] = [this.#state, this.#words];
    const view = new DataView(bytes.buffer, bytes.byteOffset + from, BLOCK_BYTES);
    for (let index = 0; index < words.length; index++) words[index] = view.getInt32(index * 4, true);
    let [a, b, c, d] = [at(state, 0), at(state, 1), at(state, 2), at(state, 3)];
    for (let step = 0; step < STEPS; step++) {
      const sum = (a + mixed(step, b, c, d) + at(SINES, step) + at(words, at(WORDS, step))) | 0;
      const turn = at(TURNS, step);
      a = d;
      d = c;
      c = b;
      b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0;
    }
    state[0] = at(state, 0) + a;
    state[1] = at(state, 1) + b;
    state[2] = at(state, 2) + c;
    state[3] = at(state, 3) + d;
  }
}

function mixed(step: number, b: number, c: number, d: number): number {
  if (step < 16) return (b & c) | (~b & d);
  if (step < 32) return (b & d) | (c & ~d);
  return step < 48 ? b ^ c ^ d : c ^ (b | ~d);
}

/** A place that is there. */
function at(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0;
}

function perStep(value: (step: number, round: number) => number): Int32Array {
  return Int32Array.from({ length: STEPS }, (_, step) => value(step, step >> 4));
}
