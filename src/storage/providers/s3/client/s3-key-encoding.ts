/** RFC 3986's unreserved characters stand for themselves, as signatures want it. */
export function encodedText(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The same for a key in a path, in which slashes stand for themselves too. */
export function encodedKey(key: string): string {
  return encodedText(key).replaceAll('%2F', '/');
}
