const QUOTED = /^"[\x21\x23-\x7e]*"$/;

/**
 * Returns a store's tag as a strong HTTP ETag with quotes: some stores omit the quotes, and compressing proxies mark the tag as
 * weak. Returns null for a missing tag, or one that no header can contain.
 */
export function quotedEtag(etag: string | undefined): string | null {
  if (etag === undefined) return null;
  if (QUOTED.test(etag)) return etag;
  const quoted = `"${etag
    .trim()
    .replace(/^W\//i, '')
    .replace(/^"+|"+$/g, '')}"`;
  return QUOTED.test(quoted) && quoted !== '""' ? quoted : null;
}
