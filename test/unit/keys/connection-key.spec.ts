import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';
import { ConfigError } from '../../../src/config/config-error.js';
import { connectionKeyFromFile, connectionKeyPath } from '../../../src/keys/connection-key.js';

const SOURCES = resolve(import.meta.dirname, '../../../src');
const PROCESSES = 8;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stagedoor-key-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** The code under test as another process can run it. */
function compileTo(directory: string): string {
  for (const name of [
    'keys/connection-key',
    'config/config-error',
    'common/app-error',
    'common/private-files',
  ]) {
    const source = readFileSync(join(SOURCES, `${name}.ts`), 'utf8');
    const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
    mkdirSync(join(directory, dirname(name)), { recursive: true });
    writeFileSync(join(directory, `${name}.js`), code);
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  return join(directory, 'keys/connection-key.js');
}

describe('the key file', () => {
  it('is made once, of 32 bytes, for its owner alone', () => {
    const dataDir = join(folder, 'new/data');
    const key = connectionKeyFromFile(dataDir);
    expect(key).toHaveLength(32);
    expect(statSync(connectionKeyPath(dataDir)).mode & 0o777).toBe(0o600);
    expect(connectionKeyFromFile(dataDir)).toEqual(key);
    expect(readdirSync(dataDir)).toEqual(['connection.key']);
  });

  it('is another one in another folder', () => {
    expect(connectionKeyFromFile(join(folder, 'a'))).not.toEqual(connectionKeyFromFile(join(folder, 'b')));
  });

  it('is one for all servers that start at once', async () => {
    const module = compileTo(join(folder, 'code'));
    const dataDir = join(folder, 'data');
    // They wait for the same moment, or the first would be done before the last has started.
    const script = `
      const { connectionKeyFromFile } = await import(${JSON.stringify(module)});
      while (Date.now() < ${String(Date.now() + 1500)});
      console.log(connectionKeyFromFile(${JSON.stringify(dataDir)}).toString('base64'));`;
    const run = promisify(execFile);
    const outputs = await Promise.all(
      Array.from({ length: PROCESSES }, () => run(process.execPath, ['--input-type=module', '-e', script])),
    );
    const expected = connectionKeyFromFile(dataDir).toString('base64');
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(Array<string>(PROCESSES).fill(expected));
    expect(readdirSync(dataDir)).toEqual(['connection.key']);
  });

  it.each(['', 'short', `${'A'.repeat(42)}\n`, `${'A'.repeat(48)}\n`, '\0\0\0'])(
    'that is damaged (%j) is refused and kept: a new one would lose every connection',
    (content) => {
      const path = connectionKeyPath(folder);
      writeFileSync(path, content);
      expect(() => connectionKeyFromFile(folder)).toThrow(ConfigError);
      expect(() => connectionKeyFromFile(folder)).toThrow('restore it from a backup');
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('in a folder that cannot be made is an error', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => connectionKeyFromFile(join(folder, 'file/data'))).toThrow(/ENOTDIR|EEXIST/);
  });
});
