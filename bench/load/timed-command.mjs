import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs a command to its end, and gives the seconds and what it wrote. Throws where it fails. */
export async function timedCommand(file, args, { env } = {}) {
  const start = performance.now();
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const written = [child.stdout, child.stderr].map((output) => output.setEncoding('utf8').toArray());
  const [code] = await once(child, 'exit');
  const seconds = (performance.now() - start) / 1000;
  const [stdout, stderr] = (await Promise.all(written)).map((chunks) => chunks.join(''));
  if (code !== 0) throw new Error(`${file} ended with ${code}: ${stderr.slice(-500)} ${stdout.slice(-500)}`);
  return { seconds, stdout };
}
