const QUOTED = /^"[\x21\x23-\x7e]*"$/;

/**
 * A store's tag in the form of an HTTP ETag, quotes included: some stores send it bare, and proxies that compress mark it as
 * weak. Null where there is none, or one that no header could hold.
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
