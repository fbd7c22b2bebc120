import { DocumentError } from './document-error.js';

/** A fenced block: the text after its opening fence, and the number of that line. */
export interface Fence {
  readonly info: string;
  readonly line: number;
  readonly lines: readonly string[];
}

export interface Markdown {
  readonly fences: readonly Fence[];
  /** The page line by line, with an empty line for each line of a fenced block. */
  readonly prose: readonly string[];
}

const OPENING = /^( *)(`{3,}|~{3,}) *([^`]*)$/;

export function readMarkdown(text: string): Markdown {
  const fences: Fence[] = [];
  const prose: string[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const opening = OPENING.exec(line);
    if (opening === null) {
      prose.push(line);
      continue;
    }
    const [, indent = '', marks = '', info = ''] = opening;
    const length = lines.slice(index + 1).findIndex((inside) => closes(inside, marks));
    if (length < 0) throw new DocumentError('UnclosedFence', index + 1, 'this block is not closed');
    const inside = lines.slice(index + 1, index + 1 + length);
    fences.push({
      info: info.trim(),
      line: index + 1,
      lines: inside.map((each) => withoutIndent(each, indent)),
    });
    prose.push(...Array.from({ length: length + 2 }, () => ''));
    index += length + 1;
  }
  return { fences, prose };
}

/** A closing fence has the same marks, at least as many, and nothing else. */
function closes(line: string, marks: string): boolean {
  const text = line.trim();
  return text.length >= marks.length && text === (marks[0] ?? '').repeat(text.length);
}

function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}
