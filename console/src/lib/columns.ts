/** Lines that are put together at once. What waits for that is short-lived, and a browser frees it soon. */
const PIECE = 512;

/** Values of many lines, packed by pieces: a value for itself would take several times as much. */
abstract class Column<Value, Packed> {
  readonly #pieces: Packed[] = [];
  #waiting: Value[] = [];

  get count(): number {
    return this.#pieces.length * PIECE + this.#waiting.length;
  }

  add(value: Value): void {
    this.#waiting.push(value);
    if (this.#waiting.length < PIECE) return;
    this.#pieces.push(this.pack(this.#waiting));
    this.#waiting = [];
  }

  at(line: number): Value | undefined {
    const piece = this.#pieces[Math.floor(line / PIECE)];
    const place = line % PIECE;
    return piece === undefined ? this.#waiting[place] : this.unpack(piece, place);
  }

  protected abstract pack(values: readonly Value[]): Packed;
  protected abstract unpack(piece: Packed, place: number): Value | undefined;
}

export class NumberColumn extends Column<number, Float64Array> {
  protected override pack(numbers: readonly number[]): Float64Array {
    return Float64Array.from(numbers);
  }

  protected override unpack(piece: Float64Array, place: number): number | undefined {
    return piece[place];
  }
}

interface PackedTexts {
  readonly text: string;
  /** Where each text ends, and the next one begins. */
  readonly ends: Uint32Array;
}

export class TextColumn extends Column<string, PackedTexts> {
  protected override pack(texts: readonly string[]): PackedTexts {
    let end = 0;
    const ends = Uint32Array.from(texts, (text) => (end += text.length));
    return { text: texts.join(''), ends };
  }

  protected override unpack({ text, ends }: PackedTexts, place: number): string {
    return text.slice(ends[place - 1] ?? 0, ends[place]);
  }
}
