import type { Span } from '../ast.js';
import { isControl } from '../lexer/characters.js';

const TAB_WIDTH = 4;
const ELLIPSIS = '...';
const MASK = '*';
/** East Asian characters and emoji take two columns of a terminal. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
const COMBINING = /^[\p{M}\u200b-\u200f\ufe00-\ufe0f]$/u;

/** A displayed character. */
interface Cell {
  /** The offset in the text. An ellipsis has -1 at the start and Infinity at the end. */
  readonly offset: number;
  readonly text: string;
  readonly width: number;
}

interface DisplayedLine {
  readonly text: string;
  readonly cells: readonly Cell[];
}

export interface Window extends Span {
  /** The whole line that this part belongs to. */
  readonly line: Span;
}

/** Displays a part of a line with its secrets masked. Every character keeps its width, so that carets stay aligned. */
export function displayedLine(sql: string, window: Window, secrets: readonly Span[]): DisplayedLine {
  const cells: Cell[] = [];
  let column = 0;
  const add = (cell: Cell): void => {
    cells.push(cell);
    column += cell.width;
  };
  if (window.start > window.line.start) add({ offset: -1, text: ELLIPSIS, width: ELLIPSIS.length });
  let offset = window.start;
  for (const character of sql.slice(window.start, window.end)) {
    const isSecret = secrets.some(({ start, end }) => offset >= start && offset < end);
    add({ offset, ...display(character, column, isSecret) });
    offset += character.length;
  }
  if (window.end < window.line.end) add({ offset: Infinity, text: ELLIPSIS, width: ELLIPSIS.length });
  return { text: cells.map(({ text }) => text).join(''), cells };
}

function display(character: string, column: number, isSecret: boolean): Omit<Cell, 'offset'> {
  const width = character === '\t' ? TAB_WIDTH - (column % TAB_WIDTH) : characterWidth(character);
  if (isSecret && character.trim() !== '') return { text: MASK.repeat(width), width };
  if (character === '\t') return { text: ' '.repeat(width), width };
  return { text: isControl(character.charCodeAt(0)) ? '\ufffd' : character, width };
}

function characterWidth(character: string): number {
  if (WIDE.test(character)) return 2;
  return COMBINING.test(character) ? 0 : 1;
}

/** Returns the width, in columns, of the characters before a place. */
export function widthOf(cells: readonly Cell[], place: number): number {
  return cells.reduce((width, cell) => (cell.offset < place ? width + cell.width : width), 0);
}
