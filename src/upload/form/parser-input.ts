/** What a parser reads of a chunk: pieces that follow each other in memory are one. */
export class ParserInput {
  readonly #pieces: Buffer[] = [];

  get pieces(): readonly Buffer[] {
    return this.#pieces;
  }

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    const last = this.#pieces.at(-1);
    if (last?.buffer === piece.buffer && last.byteOffset + last.length === piece.byteOffset) {
      const joined = Buffer.from(piece.buffer, last.byteOffset, last.length + piece.length);
      this.#pieces[this.#pieces.length - 1] = joined;
    } else {
      this.#pieces.push(piece);
    }
  }
}
