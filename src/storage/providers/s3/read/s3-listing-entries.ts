import type { _Object } from '@aws-sdk/client-s3';

const OPENING = '<Contents>';
const CLOSING = '</Contents>';
const END = '</ListBucketResult>';

export type ListingEntry = Pick<_Object, 'Key' | 'LastModified' | 'ETag' | 'Size'>;

export interface ExtractedListing {
  readonly entries: ListingEntry[];
  /** The document without its entries. */
  readonly rest: string;
}

/**
 * Extracts the entries of a ListBucketResult in the usual form: consecutive elements that contain text only.
 *
 * @returns undefined for a document in another form, or without entries: it needs a full XML parser.
 */
export function extractEntries(xml: string): ExtractedListing | undefined {
  const start = xml.indexOf(OPENING);
  const end = xml.lastIndexOf(CLOSING) + CLOSING.length;
  if (start < 0 || end <= start || hasMarkup(xml) || !xml.trimEnd().endsWith(END)) return undefined;
  const entries: ListingEntry[] = [];
  for (let from = start; from < end;) {
    const close = xml.indexOf(CLOSING, from);
    const entry = xml.startsWith(OPENING, from)
      ? entryOf(xml.slice(from + OPENING.length, close))
      : undefined;
    if (entry === undefined) return undefined;
    entries.push(entry);
    from = close + CLOSING.length;
  }
  return { entries, rest: xml.slice(0, start) + xml.slice(end) };
}

/** Does the document have CDATA sections, comments or instructions besides the declaration? */
function hasMarkup(xml: string): boolean {
  return xml.includes('<!') || xml.includes('<?', 1);
}

function entryOf(xml: string): ListingEntry | undefined {
  if (xml.includes(OPENING)) return undefined;
  const [key, time, etag, size] = ['Key', 'LastModified', 'ETag', 'Size'].map((name) => textOf(xml, name));
  if (key === undefined || time === undefined || etag === undefined || size === undefined) return undefined;
  const lastModified = new Date(time);
  if (Number.isNaN(lastModified.getTime()) || !/^\d+$/.test(size)) return undefined;
  return { Key: key, LastModified: lastModified, ETag: etag, Size: Number(size) };
}

/** Returns the text of a child element that contains no other element. */
function textOf(xml: string, name: string): string | undefined {
  const opening = `<${name}>`;
  const start = xml.indexOf(opening) + opening.length;
  const end = xml.indexOf('<', start);
  if (start < opening.length || !xml.startsWith(`</${name}>`, end)) return undefined;
  const text = xml.slice(start, end);
  return text.includes('&') ? unescaped(text) : text;
}

const NAMED_ENTITIES = new Map([
  ['quot', '"'],
  ['apos', "'"],
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
]);

/** Resolves entities. @returns undefined for an unknown entity. */
function unescaped(text: string): string | undefined {
  const [first = '', ...rest] = text.split('&');
  let plain = first;
  for (const piece of rest) {
    const end = piece.indexOf(';');
    const name = piece.slice(0, Math.max(0, end));
    const character = NAMED_ENTITIES.get(name) ?? numericEntity(name);
    if (character === undefined) return undefined;
    plain += character + piece.slice(end + 1);
  }
  return plain;
}

function numericEntity(reference: string): string | undefined {
  if (!/^#(x[0-9a-fA-F]{1,6}|\d{1,7})$/.test(reference)) return undefined;
  const code = Number(reference.slice(1).replace('x', '0x'));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
