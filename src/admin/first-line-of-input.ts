import process from 'node:process';
import { createInterface } from 'node:readline';

/** Time that a silent input gets before a notice is printed. */
const PATIENCE_MS = 2000;

/** Reads the first line of the standard input. Undefined if there is none, or if it is a terminal. */
export async function firstLineOfInput(): Promise<string | undefined> {
  if (process.stdin.isTTY) return undefined;
  const timer = setTimeout(() => {
    process.stderr.write('waiting for a line on the standard input; `< /dev/null` gives none\n');
  }, PATIENCE_MS);
  try {
    for await (const line of createInterface({ input: process.stdin })) return line;
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
