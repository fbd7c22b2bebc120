import { readRange, type FileAt } from './read-range.js';

const FIRST_BYTES = 65_536;

export interface TextContent {
  readonly text: string;
  /** Is there more of the file? */
  readonly isCut: boolean;
}

/** The beginning of a file. @throws PreviewError where it is no text. */
export async function textContent(at: FileAt, size: number): Promise<TextContent> {
  const bytes = new Uint8Array(await readRange(at, 0, Math.min(size, FIRST_BYTES)));
  if (bytes.includes(0))
    throw new PreviewError('This is no text, and no kind of file that can be shown. Download it.');
  return { text: new TextDecoder().decode(bytes), isCut: size > bytes.length };
}

/** Whole lines, where the content is cut within one. A single long line stays as it is. */
export function wholeLines({ text, isCut }: TextContent): string {
  const end = text.lastIndexOf('\n');
  return isCut && end > 0 ? text.slice(0, end) : text;
}

/** Says why a file is not shown. */
export class PreviewError extends Error {
  override readonly name = 'PreviewError';
}
