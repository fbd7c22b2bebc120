/** Bytes for a parser, and the expected output after it has read them. */
export interface ParserPiece {
  readonly bytes: Buffer;
  /** Number of parts whose headers are complete for the parser. */
  readonly parts: number;
  /** Length of the last part's content, if the piece ends with the delimiter after it. */
  readonly endedBytes?: number | undefined;
}

/** Collects the pieces of a chunk for a parser. Pieces that are adjacent in memory are joined, up to a delimiter. */
export class ParserInput {
  readonly #pieces: ParserPiece[] = [];

  get pieces(): readonly ParserPiece[] {
    return this.#pieces;
  }

  add(piece: ParserPiece): void {
    if (piece.bytes.length === 0) return;
    const last = this.#pieces.at(-1);
    const bytes = last?.endedBytes === undefined && last && joinedInMemory(last.bytes, piece.bytes);
    if (bytes) this.#pieces[this.#pieces.length - 1] = { ...piece, bytes };
    else this.#pieces.push(piece);
  }
}

function joinedInMemory(first: Buffer, second: Buffer): Buffer | undefined {
  if (first.buffer !== second.buffer || first.byteOffset + first.length !== second.byteOffset) {
    return undefined;
  }
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}
