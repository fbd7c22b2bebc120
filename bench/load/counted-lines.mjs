import { spawn } from 'node:child_process';
import { once } from 'node:events';

const NEWLINE = 10;

/** Runs a command that writes a line for each of `count` files, and reads them as they come. */
export async function countLines(file, args, { count, env }) {
  const start = performance.now();
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let lines = 0;
  let firstRow = 0;
  for await (const chunk of child.stdout) {
    if (firstRow === 0) firstRow = performance.now() - start;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) lines += 1;
  }
  const [code] = await exited;
  const seconds = (performance.now() - start) / 1000;
  if (code !== 0 || lines !== count)
    throw new Error(`${file}: ${lines} lines instead of ${count}, exit code ${code}`);
  return { seconds, firstRow, perSecond: count / seconds };
}
