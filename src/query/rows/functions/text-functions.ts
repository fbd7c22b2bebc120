import type { Value } from '../table.js';
import type { ScalarFunction } from './scalar-function.js';

const lower = ofText((text) => text.toLowerCase());
const upper = ofText((text) => text.toUpperCase());
const length = measuring((text) => characters(text).length);
const substr: ScalarFunction = {
  parameters: ['text', 'integer', 'length'],
  minArguments: 2,
  type: 'String',
  apply: ([text, position, count]) => part(String(text), Number(position), Number(count ?? Infinity)),
};

/** Functions by Databend's names. They count characters, not bytes. */
export const TEXT_FUNCTIONS: ReadonlyMap<string, ScalarFunction> = new Map([
  ['lower', lower],
  ['lcase', lower],
  ['upper', upper],
  ['ucase', upper],
  ['length', length],
  ['char_length', length],
  ['character_length', length],
  ['length_utf8', length],
  ['octet_length', measuring((text) => Buffer.byteLength(text))],
  // Databend trims spaces only.
  ['trim', ofText((text) => trimmed(text, ' ', { atStart: true, atEnd: true }))],
  ['ltrim', ofText((text) => trimmed(text, ' ', { atStart: true, atEnd: false }))],
  ['rtrim', ofText((text) => trimmed(text, ' ', { atStart: false, atEnd: true }))],
  ['trim_both', trimming(true, true)],
  ['trim_leading', trimming(true, false)],
  ['trim_trailing', trimming(false, true)],
  ['position', locating((part, text) => [part, text])],
  ['locate', locating((part, text) => [part, text])],
  ['instr', locating((text, part) => [part, text])],
  ['reverse', ofText((text) => characters(text).reverse().join(''))],
  ['left', cut((all, count) => all.slice(0, count))],
  ['right', cut((all, count) => all.slice(Math.max(0, all.length - count)))],
  ['substr', substr],
  ['substring', substr],
  ['mid', substr],
  ['substr_utf8', substr],
  ['substring_utf8', substr],
  [
    'replace',
    {
      parameters: ['text', 'text', 'text'],
      type: 'String',
      resultLength: ([text, from, to]) => replacedLength(String(text), String(from), String(to)),
      apply: ([text, from, to]) => replaced(String(text), String(from), String(to)),
    },
  ],
  [
    'concat',
    {
      parameters: ['text'],
      isVariadic: true,
      type: 'String',
      resultLength: totalLength,
      apply: (values) => values.join(''),
    },
  ],
  [
    'split_part',
    {
      parameters: ['text', 'text', 'integer'],
      type: 'String',
      apply: ([text, separator, index]) => splitPart(String(text), String(separator), Number(index)),
    },
  ],
  ['starts_with', test((text, part) => text.startsWith(part))],
  ['ends_with', test((text, part) => text.endsWith(part))],
]);

function ofText(change: (text: string) => string): ScalarFunction {
  return { parameters: ['text'], type: 'String', apply: ([text]) => change(String(text)) };
}

function measuring(measure: (text: string) => number): ScalarFunction {
  return { parameters: ['text'], type: 'UInt64', apply: ([text]) => measure(String(text)) };
}

function cut(take: (all: readonly string[], count: number) => readonly string[]): ScalarFunction {
  return {
    parameters: ['text', 'length'],
    type: 'String',
    apply: ([text, count]) => take(characters(String(text)), Number(count)).join(''),
  };
}

function test(holds: (text: string, part: string) => boolean): ScalarFunction {
  return {
    parameters: ['text', 'text'],
    type: 'Boolean',
    apply: ([text, part]) => holds(String(text), String(part)),
  };
}

/** Removes a text as often as it is repeated at an end. */
function trimming(atStart: boolean, atEnd: boolean): ScalarFunction {
  return {
    parameters: ['text', 'text'],
    type: 'String',
    apply: ([text, part]) => trimmed(String(text), String(part), { atStart, atEnd }),
  };
}

function trimmed(
  text: string,
  part: string,
  { atStart, atEnd }: { atStart: boolean; atEnd: boolean },
): string {
  if (part === '') return text;
  let [start, end] = [0, text.length];
  while (atStart && start + part.length <= end && text.startsWith(part, start)) start += part.length;
  while (atEnd && end - part.length >= start && text.endsWith(part, end)) end -= part.length;
  return text.slice(start, end);
}

/** Returns the position of a part: the first character is 1, and 0 means not found. */
function locating(order: (a: string, b: string) => readonly [part: string, text: string]): ScalarFunction {
  return {
    parameters: ['text', 'text'],
    type: 'UInt64',
    apply: ([a, b]) => {
      const [part, text] = order(String(a), String(b));
      const at = text.indexOf(part);
      return at === -1 ? 0 : characters(text.slice(0, at)).length + 1;
    },
  };
}

function characters(text: string): string[] {
  return Array.from(text);
}

/** Returns `count` characters from a position. The first is 1; a negative one counts from the end. Empty if out of range. */
function part(text: string, position: number, count: number): string {
  const all = characters(text);
  const start = position > 0 ? position - 1 : all.length + position;
  return position === 0 || start < 0 ? '' : all.slice(start, start + count).join('');
}

function replaced(text: string, from: string, to: string): string {
  return from === '' ? text : text.replaceAll(from, () => to);
}

function replacedLength(text: string, from: string, to: string): number {
  if (from === '' || to.length <= from.length) return text.length;
  return text.length + (text.split(from).length - 1) * (to.length - from.length);
}

function totalLength(values: readonly Value[]): number {
  return values.reduce<number>((total, value) => total + String(value).length, 0);
}

/** Part 1 is the first and -1 the last; 0 means 1. A part that does not exist is empty. */
function splitPart(text: string, separator: string, index: number): string {
  if (separator === '') return Math.abs(index) <= 1 ? text : '';
  const parts = text.split(separator);
  return parts.at(index > 0 ? index - 1 : index) ?? '';
}
