import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { FIXTURES_FOLDER } from './stage-client.js';

const run = promisify(execFile);

export interface CurlAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Runs the real curl beside the fixtures, without the developer's proxies and .curlrc. */
export async function curl(...args: string[]): Promise<CurlAnswer> {
  const write = ['--disable', '--silent', '--show-error', '--write-out', '\n%{http_code}'];
  const options = { cwd: FIXTURES_FOLDER, env: { PATH: process.env['PATH'] } };
  const { stdout } = await run('curl', [...write, ...args], options);
  const end = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(end + 1)), body: JSON.parse(stdout.slice(0, end)) as unknown };
}
