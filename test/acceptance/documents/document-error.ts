/** A page that cannot be read or run, with the place that says why. */
export class DocumentError extends Error {
  readonly kind: 'UnclosedFence' | 'UnknownFence' | 'BadBlock' | 'BadCommand' | 'Unreachable';

  constructor(kind: DocumentError['kind'], line: number, message: string) {
    super(`line ${String(line)}: ${message}`);
    this.name = 'DocumentError';
    this.kind = kind;
  }
}
