import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { settingsOf, untilStart } from '../../acceptance/documents/server-command.js';

const run = promisify(execFile);
const shell = { PATH: process.env['PATH'], LC_ALL: 'C' };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagedoor-settings-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function settingsIn(command: string): Promise<Readonly<Record<string, string>>> {
  const file = join(folder, 'settings');
  await run('bash', ['-eu', '-c', untilStart(command, file)], { env: shell });
  return settingsOf(await readFile(file, 'utf8'), shell);
}

describe('the settings of a command that starts the server', () => {
  it.each([
    ['npm start', {}],
    ["ROOT_PASSWORD='a b\nc' npm start", { ROOT_PASSWORD: 'a b\nc' }],
    ['npm ci && LOG_LEVEL=warn npm run serve', { LOG_LEVEL: 'warn' }],
    ['export A=1\nB=$A C=x=y \\\n  bin/stagedoor', { A: '1', B: '1', C: 'x=y' }],
    ['HOST=0.0.0.0 PORT=8000 npm start', {}],
  ])('%j', async (command, settings) => {
    expect(await settingsIn(command)).toEqual(settings);
  });

  it.each(['npm test', 'node other.js', 'true'])('%s starts no server', async (command) => {
    await expect(settingsIn(command)).rejects.toThrow();
  });
});
