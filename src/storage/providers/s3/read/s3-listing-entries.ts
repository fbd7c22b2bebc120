import type { _Object } from '@aws-sdk/client-s3';

const OPENING = '<Contents>';
const CLOSING = '</Contents>';
const END = '</ListBucketResult>';

export type ListingEntry = Pick<_Object, 'Key' | 'LastModified' | 'ETag' | 'Size'>;

export interface ExtractedListing {
  readonly entries: ListingEntry[];
  /** The document without them. */
  readonly rest: string;
}

/**
 * Takes the entries out of a ListBucketResult as stores write it: one after the other, plain elements with texts.
 *
 * @returns nothing where the document is any different, or has no entry: that is for a parser of all XML.
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

/** CDATA sections, comments and instructions, but for the declaration. */
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

/** Of an element that is there once, and holds no other one. */
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

/** Nothing where it holds a reference that is not known. */
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
