export type PreviewKind = 'delimited' | 'lines' | 'parquet' | 'image' | 'text';

/** By the end of the name. An SVG is a text here: it can hold scripts. */
const KINDS: Readonly<Record<string, PreviewKind>> = {
  csv: 'delimited',
  tsv: 'delimited',
  ndjson: 'lines',
  jsonl: 'lines',
  parquet: 'parquet',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  avif: 'image',
  bmp: 'image',
};

export function previewKind(file: string): PreviewKind {
  return KINDS[extensionOf(file)] ?? 'text';
}

export function extensionOf(file: string): string {
  return /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase() ?? '';
}
