import { readMarkdown } from '../../acceptance/documents/markdown.js';

const INLINE = /\]\(\s*(?:<([^>]*)>|([^\s)]+))[^)]*\)/g;
const DEFINITION = /^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?/gm;
const HTML = /<[a-z]+\s[^>]*\b(?:src|href)="([^"]*)"/g;
const HTML_ANCHOR = /<a\s[^>]*\b(?:name|id)="([^"]+)"/g;

/** All targets of links and images. */
export function linksOf(markdown: string): string[] {
  const text = proseOf(markdown).replace(/`[^`\n]*`/g, '');
  return [INLINE, DEFINITION, HTML].flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([, first, second]) => first ?? second ?? ''),
  );
}

/** What a link can name of a page, by the rule of GitHub. */
export function anchorsOf(markdown: string): string[] {
  const text = proseOf(markdown);
  const headings = Array.from(text.matchAll(/^#{1,6} +(.+?) *#*$/gm), ([, heading = '']) => slugOf(heading));
  const repeated = headings.map((slug, index) => {
    const before = headings.slice(0, index).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${String(before)}`;
  });
  return [...repeated, ...Array.from(text.matchAll(HTML_ANCHOR), ([, name = '']) => name)];
}

function slugOf(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(?<![\p{L}\p{N}])_([^_]+)_(?![\p{L}\p{N}])/gu, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
    .replaceAll(' ', '-');
}

function proseOf(markdown: string): string {
  return readMarkdown(markdown).prose.join('\n');
}
