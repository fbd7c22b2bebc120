import { spawnSync } from 'node:child_process';

import { DocumentError } from './document-error.js';

/** A line of a page with its number. */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

const ENDS_TOO_EARLY = /unexpected EOF|unexpected end of file|delimited by end-of-file/;

/** Splits lines into commands: bash itself says where a command of several lines ends. */
export function splitCommands(lines: readonly NumberedLine[]): NumberedLine[] {
  const commands: NumberedLine[] = [];
  let rest = lines;
  while (rest.length > 0) {
    const { command, length } = firstCommand(rest);
    if (!isComment(command.text)) commands.push(command);
    rest = rest.slice(length);
  }
  return commands;
}

/** The command that begins in the first line, and how many lines it has. */
export function firstCommand(lines: readonly NumberedLine[]): {
  readonly command: NumberedLine;
  readonly length: number;
} {
  const line = lines[0]?.line ?? 0;
  for (let length = 1; length <= lines.length; length += 1) {
    const text = lines
      .slice(0, length)
      .map((each) => each.text)
      .join('\n');
    if (isWhole(text)) return { command: { line, text }, length };
  }
  throw new DocumentError('BadCommand', line, 'this command does not end in its block');
}

function isWhole(text: string): boolean {
  // bash takes a backslash before the end of its input for a letter.
  if (/(^|[^\\])(\\\\)*\\$/.test(text)) return false;
  const { stderr, error } = spawnSync('bash', ['-n'], {
    input: text,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  if (error !== undefined) throw error;
  return !ENDS_TOO_EARLY.test(stderr);
}

function isComment(text: string): boolean {
  return text.trim() === '' || /^\s*#[^\n]*$/.test(text);
}
