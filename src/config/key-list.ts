/** Length of a key. `openssl rand -base64 32` prints one. */
export const KEY_BYTES = 32;

export type KeyList = readonly [Buffer, ...Buffer[]];

export const KEY_LIST_RULE =
  'must be 32 bytes in base64, as `openssl rand -base64 32` prints, or several such keys that differ, separated by commas';

/**
 * Parses keys in base64, separated by commas, blanks or line breaks.
 *
 * @returns undefined if the text breaks `KEY_LIST_RULE`.
 */
export function parseKeys(text: string): KeyList | undefined {
  const keys = text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => Buffer.from(word, 'base64'));
  const [first, ...others] = keys;
  const areDistinct = new Set(keys.map((key) => key.toString('hex'))).size === keys.length;
  if (first === undefined || !areDistinct || keys.some(({ length }) => length !== KEY_BYTES))
    return undefined;
  return [first, ...others];
}
