import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { REPOSITORY } from '../../acceptance/documents/pages.js';

const PAGES = ['docs/operate/troubleshooting.md', 'docs/operate/troubleshooting-storage.md'];

/** Words of others: of Node, npm, MinIO and the codes that stores answer with. */
const OF_OTHERS = new Set([
  'Could not locate the bindings file.',
  'Request has expired',
  '… EACCES: permission denied 0.0.0.0:80',
  '… EADDRINUSE: address already in use …',
  '… a different Node.js version …',
]);

/** A shorter piece proves nothing. */
const SHORTEST = 5;

let sources: string;

beforeAll(async () => {
  const files = (await readdir(join(REPOSITORY, 'src'), { recursive: true })).filter((name) =>
    name.endsWith('.ts'),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(REPOSITORY, 'src', name), 'utf8')));
  sources = texts.map(joined).join('\n');
});

/** Texts that are written over several lines become one, and quotes are as in the answer. */
function joined(source: string): string {
  return source.replaceAll(/['"`] \+\s+['"`]/g, '').replaceAll("\\'", "'");
}

/** The messages that each row of a page's tables shows in its first cell, between backquotes. */
async function shownTexts(page: string): Promise<string[]> {
  const lines = (await readFile(join(REPOSITORY, page), 'utf8')).split('\n');
  const cells = lines.filter((line) => line.startsWith('| ')).map((line) => line.split('|')[1] ?? '');
  const texts = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  return texts.filter((text) => text.includes(' '));
}

/** The pieces of a text between its dots; the last full stop is often put behind what a source says. */
function piecesOf(text: string): string[] {
  const pieces = text.split('…').map((piece) => piece.trim().replace(/\.$/, ''));
  return pieces.filter((piece) => piece.length >= SHORTEST);
}

describe.each(PAGES)('the words that %s shows', (page) => {
  it('stand in the sources', async () => {
    const shown = (await shownTexts(page)).filter((text) => !OF_OTHERS.has(text));
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((text) => piecesOf(text).length === 0)).toEqual([]);
    const unknown = shown.flatMap((text) => piecesOf(text).filter((piece) => !sources.includes(piece)));
    expect(unknown).toEqual([]);
  });
});
