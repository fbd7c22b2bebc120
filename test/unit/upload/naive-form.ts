export interface Verdict {
  readonly parts: number;
  readonly isClosed: boolean;
  readonly isBroken: boolean;
}

/** What a form's delimiters say, read from the whole of it at once: slow, and simple enough to be right. */
export function naiveVerdict(form: Buffer, boundary: string): Verdict {
  // A form may begin with a delimiter, as if a line had ended before it.
  const text = `\r\n${form.toString('latin1')}`;
  const delimiter = `\r\n--${boundary}`;
  const [, ...pieces] = text.split(delimiter);
  let parts = 0;
  for (const [i, piece] of pieces.entries()) {
    // A delimiter that follows at once brings the line break itself.
    const rest = pieces.slice(i).join(delimiter);
    const next = rest.slice(0, 2);
    if (next === '--') {
      const isClosed = /^--[ \t]*(\r\n|\r?$)/.test(rest);
      return { parts, isClosed, isBroken: !isClosed };
    }
    // White space may fill the line.
    if (next !== '-' && !/^[ \t]*(\r\n|\r?$)/.test(rest)) return { parts, isClosed: false, isBroken: true };
    if (/^[ \t]*\r\n/.test(rest)) parts++;
    const endsInHeaders = `${piece}\r\n`.indexOf('\r\n\r\n') === piece.length - 2;
    if (endsInHeaders && i + 1 < pieces.length) return { parts, isClosed: false, isBroken: true };
  }
  return { parts, isClosed: false, isBroken: false };
}
