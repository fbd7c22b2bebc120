export interface Verdict {
  readonly parts: number;
  readonly isClosed: boolean;
  readonly isBroken: boolean;
}

/** What a form's delimiters say, read from the whole of it at once: slow, and simple enough to be right. */
export function naiveVerdict(form: Buffer, boundary: string): Verdict {
  // A form may begin with a delimiter, as if a line had ended before it.
  const text = `\r\n${form.toString('latin1')}`;
  const [, ...pieces] = text.split(`\r\n--${boundary}`);
  let parts = 0;
  for (const [i, piece] of pieces.entries()) {
    // A delimiter that follows at once brings the line break itself.
    const next = (piece + (i + 1 < pieces.length ? `\r\n--${boundary}` : '')).slice(0, 2);
    if (next === '--') return { parts, isClosed: true, isBroken: false };
    if (next.length === 2 && next !== '\r\n') return { parts, isClosed: false, isBroken: true };
    if (next === '\r\n') parts++;
  }
  return { parts, isClosed: false, isBroken: false };
}
