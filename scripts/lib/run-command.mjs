import { spawn } from 'node:child_process';
import { once } from 'node:events';

const LAST_LINES = 5;

/**
 * Runs a command to its end, and resolves to what it wrote: on standard output, with `withErrors` on both. Throws with the last
 * lines that it wrote when it fails or cannot be started.
 * @param {string} file
 * @param {string[]} args
 * @param {{ withErrors?: boolean, cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<string>}
 */
export async function runCommand(file, args, { withErrors = false, ...options } = {}) {
  const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = [child.stdout, child.stderr].map((output) => output.setEncoding('utf8').toArray());
  const [code] = await once(child, 'close');
  const [stdout = '', stderr = ''] = (await Promise.all(written)).map((chunks) => chunks.join(''));
  if (code === 0) return withErrors ? `${stdout}${stderr}` : stdout;
  const lines = `${stdout}\n${stderr}`.trim().split('\n').slice(-LAST_LINES);
  throw new Error(`${file} ${args.join(' ')}: ${lines.join(' ')}`);
}
