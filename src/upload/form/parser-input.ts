/** Bytes for a parser, and what it must have given out when it has read them. */
export interface ParserPiece {
  readonly bytes: Buffer;
  /** Parts whose headers it knows to be whole. */
  readonly parts: number;
  /** Bytes of the content of the last one, where the piece ends with the delimiter behind it. */
  readonly endedBytes?: number | undefined;
}

/** What a parser reads of a chunk: pieces that follow each other in memory are one, up to a delimiter. */
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
