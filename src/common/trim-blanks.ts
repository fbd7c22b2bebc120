/**
 * Removes spaces and tabs at both ends, but no other white space, which may be a byte of a letter in Latin-1. Runs in
 * one pass: a regular expression is quadratic in the length of a run of blanks.
 */
export function trimBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
