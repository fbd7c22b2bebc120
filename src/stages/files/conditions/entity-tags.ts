/** Value of If-Match or If-None-Match: any file, or a list of ETags as sent. */
export type EntityTags = '*' | readonly string[];

/** RFC 9110 8.8.3; Node decodes bytes above ASCII as Latin-1. */
const TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/y;
const SEPARATOR = /[\t ]*(?:,[\t ]*)*/y;

/** Parses a list of ETags. @returns undefined for an invalid list. */
export function entityTags(value: string): EntityTags | undefined {
  const text = value.trim();
  if (text === '*') return '*';
  const tags: string[] = [];
  let at = 0;
  const consume = (expression: RegExp): string | undefined => {
    expression.lastIndex = at;
    const [match] = expression.exec(text) ?? [];
    at += match?.length ?? 0;
    return match;
  };
  for (consume(SEPARATOR); at < text.length;) {
    const tag = consume(TAG);
    const separator = consume(SEPARATOR) ?? '';
    if (tag === undefined || (at < text.length && !separator.includes(','))) return undefined;
    tags.push(tag);
  }
  return tags.length === 0 ? undefined : tags;
}

/** Strong comparison (RFC 9110 8.8.3.2): a weak tag never matches. */
export function isStronglyAmong(tags: EntityTags, etag: string | null): boolean {
  return tags === '*' || (etag !== null && !etag.startsWith('W/') && tags.includes(etag));
}

/** Weak comparison (RFC 9110 8.8.3.2): ignores whether a tag is weak. */
export function isWeaklyAmong(tags: EntityTags, etag: string | null): boolean {
  return tags === '*' || (etag !== null && tags.some((tag) => opaque(tag) === opaque(etag)));
}

function opaque(tag: string): string {
  return tag.replace(/^W\//, '');
}
