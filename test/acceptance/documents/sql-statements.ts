import { DocumentError } from './document-error.js';
import type { NumberedLine } from './shell-commands.js';

/** Splits lines into statements, each of which ends in a semicolon at the end of a line. */
export function splitStatements(lines: readonly NumberedLine[]): NumberedLine[] {
  const statements: NumberedLine[] = [];
  let open: NumberedLine | null = null;
  for (const { line, text } of lines) {
    if (open === null && (text.trim() === '' || text.startsWith('--'))) continue;
    open = open === null ? { line, text } : { line: open.line, text: `${open.text}\n${text}` };
    if (!text.trimEnd().endsWith(';')) continue;
    statements.push({ line: open.line, text: open.text.trimEnd().slice(0, -1) });
    open = null;
  }
  if (open !== null) {
    throw new DocumentError('BadCommand', open.line, 'this statement does not end in a semicolon');
  }
  return statements;
}
