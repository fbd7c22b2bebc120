import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../support/server-process.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const LAUNCHER = join(ROOT, 'bin/stagedoor');

const run = promisify(execFile);
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-launcher-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Starts the server by a command, and ends it when it listens. @returns what it wrote. */
async function startedBy(file: string, ...args: string[]): Promise<string> {
  const settings = { HOST: '127.0.0.1', PORT: String(await freePort()), DATA_DIR: join(folder, 'data') };
  const env = { PATH: process.env['PATH'], HOME: folder, ...settings };
  const child = execFile(file, args, { env, cwd: folder });
  let output = '';
  return new Promise((resolveOutput, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: string) => {
        output += text;
        if (output.includes('Stagedoor listens')) child.kill('SIGTERM');
      });
    }
    child.once('error', reject).once('close', (code) => {
      if (code === 0) resolveOutput(output);
      else reject(new Error(`exit code ${String(code)}: ${output}`));
    });
  });
}

describe('the launcher', () => {
  it('starts the server from any folder, and is the process that gets its signals', async () => {
    expect(await startedBy(LAUNCHER)).toContain('SIGTERM: finishing what runs');
  });

  it('starts it through a link on the PATH', async () => {
    await symlink(LAUNCHER, join(folder, 'stagedoor'));
    expect(await startedBy(join(folder, 'stagedoor'))).toContain('Stagedoor listens');
  });

  it('gives its arguments to Node', async () => {
    const { stdout } = await run(LAUNCHER, ['--version']);
    expect(stdout).toMatch(/^v\d+\./);
  });
});

it('main.js as the compiler wrote it starts the server too', async () => {
  expect(await startedBy(process.execPath, join(ROOT, 'dist/src/main.js'))).toContain('Stagedoor listens');
});

it('a bundled class has the name that it has in its source', async () => {
  const bundled = join(ROOT, 'dist/server');
  const files = (await readdir(bundled)).filter((name) => name.endsWith('.js'));
  const texts = await Promise.all(files.map((name) => readFile(join(bundled, name), 'utf8')));
  const decorated = [...texts.join('\n').matchAll(/\blet (\w+) = class (\w+)/g)];
  expect(decorated.length).toBeGreaterThan(50);
  expect(decorated.filter(([, outside, inside]) => outside !== inside)).toEqual([]);
});
