import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Environment } from './server-process.js';

const MAIN = resolve(import.meta.dirname, '../../../dist/server/admin.js');

export interface CommandOutcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs a command of the built server as a process of its own. */
export async function adminCommand(settings: Environment, ...args: string[]): Promise<CommandOutcome> {
  return adminCommandAs(undefined, settings, ...args);
}

/** @param uid another user; only root may. */
export async function adminCommandAs(
  uid: number | undefined,
  settings: Environment,
  ...args: string[]
): Promise<CommandOutcome> {
  const env = { PATH: process.env['PATH'], HOME: tmpdir(), ...settings };
  const child = spawn(process.execPath, [MAIN, ...args], { env, uid, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await ended) as [number | null];
  return { code, output, errors };
}
