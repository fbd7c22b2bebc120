/** A page that does not keep to the contract of its blocks, and the line where. */
export class DocumentError extends Error {
  readonly kind: 'UnclosedFence' | 'UnknownFence' | 'BadBlock' | 'BadCommand';

  constructor(kind: DocumentError['kind'], line: number, message: string) {
    super(`line ${String(line)}: ${message}`);
    this.name = 'DocumentError';
    this.kind = kind;
  }
}
