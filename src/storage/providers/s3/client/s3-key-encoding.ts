/** Percent-encodes all but RFC 3986's unreserved characters, as signatures require. */
export function encodedText(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Percent-encodes a key for a path, in which slashes stay too. */
export function encodedKey(key: string): string {
  return encodedText(key).replaceAll('%2F', '/');
}
