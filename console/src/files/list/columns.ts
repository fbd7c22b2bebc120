import { hexAt, textAt, type Place } from './flat-object.js';

/** Lines in each piece of a column. A column that grew would leave its smaller copies behind, which a browser frees late. */
const PIECE = 512;
const USUAL_TEXT_BYTES = 32;

type Numbers = Float64Array | Uint16Array;

/** A number of each line. */
export class NumberColumn {
  #count = 0;
  readonly #pieces: Numbers[] = [];

  /** @param Piece whose elements are large enough. */
  constructor(private readonly Piece: new (count: number) => Numbers) {}

  add(number: number): void {
    const place = this.#count++ % PIECE;
    if (place === 0) this.#pieces.push(new this.Piece(PIECE));
    const piece = this.#pieces.at(-1);
    if (piece !== undefined) piece[place] = number;
  }

  at(line: number): number {
    return this.#pieces[Math.floor(line / PIECE)]?.[line % PIECE] ?? 0;
  }
}

interface PackedTexts {
  readonly bytes: Uint8Array;
  /** Where each text ends, and the next one begins. */
  readonly ends: Uint32Array;
}

/** A text of each line, kept as the bytes between its quotes in JSON: a text of its own would take several times as much. */
export class TextColumn {
  count = 0;
  readonly #pieces: PackedTexts[] = [];
  /** Of the piece that is filled. */
  #bytes = new Uint8Array(PIECE * USUAL_TEXT_BYTES);
  #ends = new Uint32Array(PIECE);
  #end = 0;

  add(bytes: Uint8Array, { from, to }: Place): void {
    this.#makeRoom(to - from);
    for (let at = from; at < to; at++) this.#bytes[this.#end++] = bytes[at] ?? 0;
    this.#ends[this.count++ % PIECE] = this.#end;
    if (this.count % PIECE === 0) this.#pack();
  }

  /** Packs what is left. Nothing may be added afterwards. */
  finish(): void {
    this.#pack();
    this.#bytes = new Uint8Array();
  }

  /** Undefined where there is no such line. */
  at(line: number): string | undefined {
    const piece = this.#pieceOf(line);
    return piece === undefined ? undefined : textAt(piece.bytes, placeIn(piece, line));
  }

  /** Digits of a text in hex as a number; null where there is none. */
  hexAt(line: number, from: number, to: number): number | null {
    const piece = this.#pieceOf(line);
    if (piece === undefined) return null;
    const place = placeIn(piece, line);
    if (place.from === place.to) return null;
    return hexAt(piece.bytes, { from: place.from + from, to: Math.min(place.from + to, place.to) });
  }

  #pieceOf(line: number): PackedTexts | undefined {
    if (line < 0 || line >= this.count) return undefined;
    return this.#pieces[Math.floor(line / PIECE)] ?? { bytes: this.#bytes, ends: this.#ends };
  }

  #pack(): void {
    this.#pieces.push({ bytes: this.#bytes.slice(0, this.#end), ends: this.#ends });
    this.#ends = new Uint32Array(PIECE);
    this.#end = 0;
  }

  #makeRoom(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(2 * this.#bytes.length + bytes);
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

function placeIn({ ends }: PackedTexts, line: number): Place {
  const place = line % PIECE;
  return { from: ends[place - 1] ?? 0, to: ends[place] ?? 0 };
}
