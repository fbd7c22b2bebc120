import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from '@swc/core';
import { parseAppConfig } from '../../../src/config/app-config.js';
import { ConfigError } from '../../../src/config/config-error.js';
import { keyFilePath, keyFileWarning, keysFromFile } from '../../../src/keys/key-file.js';

const SOURCES = resolve(import.meta.dirname, '../../../src');
const PROCESSES = 8;
const ONE = randomBytes(32).toString('base64');

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
    'keys/key-file',
    'config/config-error',
    'config/key-list',
    'common/app-error',
    'common/private-files',
  ]) {
    const source = readFileSync(join(SOURCES, `${name}.ts`), 'utf8');
    const { code } = transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } });
    mkdirSync(join(directory, dirname(name)), { recursive: true });
    writeFileSync(join(directory, `${name}.js`), code);
  }
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  return join(directory, 'keys/key-file.js');
}

describe('the key file', () => {
  it('is made once, of 32 bytes, for its owner alone', () => {
    const dataDir = join(folder, 'new/data');
    const key = keysFromFile(dataDir);
    expect(key.map(({ length }) => length)).toEqual([32]);
    expect(statSync(keyFilePath(dataDir)).mode & 0o777).toBe(0o600);
    expect(keysFromFile(dataDir)).toEqual(key);
    expect(readdirSync(dataDir)).toEqual(['connection.key']);
  });

  it('holds several keys while they are changed, in lines of their own or separated by commas', () => {
    const keys = [randomBytes(32), randomBytes(32)];
    const words = keys.map((key) => key.toString('base64'));
    for (const text of [`${words.join('\n')}\n`, words.join(','), `\r\n ${words.join(' , ')} `]) {
      writeFileSync(keyFilePath(folder), text);
      expect(keysFromFile(folder)).toEqual(keys);
    }
  });

  it('is another one in another folder', () => {
    expect(keysFromFile(join(folder, 'a'))).not.toEqual(keysFromFile(join(folder, 'b')));
  });

  it('is one for all servers that start at once', async () => {
    const module = compileTo(join(folder, 'code'));
    const dataDir = join(folder, 'data');
    // They wait for the same moment, or the first would be done before the last has started.
    const script = `
      const { keysFromFile } = await import(${JSON.stringify(module)});
      while (Date.now() < ${String(Date.now() + 1500)});
      console.log(keysFromFile(${JSON.stringify(dataDir)}).map((key) => key.toString('base64')).join());`;
    const run = promisify(execFile);
    const outputs = await Promise.all(
      Array.from({ length: PROCESSES }, () => run(process.execPath, ['--input-type=module', '-e', script])),
    );
    const expected = keysFromFile(dataDir)[0].toString('base64');
    expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(Array<string>(PROCESSES).fill(expected));
    expect(readdirSync(dataDir)).toEqual(['connection.key']);
  });

  it.each([
    '',
    'short',
    `${'A'.repeat(42)}\n`,
    `${'A'.repeat(48)}\n`,
    '\0\0\0',
    `${ONE}\nshort`,
    `${ONE}\n${ONE}`,
  ])('that is damaged (%j) is refused and kept: a new one would lose every connection', (content) => {
    const path = keyFilePath(folder);
    writeFileSync(path, content);
    expect(() => keysFromFile(folder)).toThrow(ConfigError);
    expect(() => keysFromFile(folder)).toThrow('restore it from a backup');
    expect(readFileSync(path, 'utf8')).toBe(content);
  });

  it('in a folder that cannot be made is an error', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => keysFromFile(join(folder, 'file/data'))).toThrow(/ENOTDIR|EEXIST/);
  });
});

describe('a key file that everybody may read', () => {
  const warningWith = (settings: Readonly<Record<string, string>>): string | undefined =>
    keyFileWarning(parseAppConfig({ DATA_DIR: folder, ...settings }));

  it('is named at the start, the server’s own or that of the setting', () => {
    const own = keyFilePath(folder);
    const other = join(folder, 'other');
    for (const path of [own, other]) writeFileSync(path, `${ONE}\n`);
    for (const path of [own, other]) chmodSync(path, 0o644);
    expect(warningWith({})).toContain(
      `The mode of ${own} lets every user of this machine read the key: chmod 600 ${own}`,
    );
    expect(warningWith({ CONNECTION_KEY_FILE: other })).toContain(`The mode of ${other} lets`);
    expect(warningWith({ CONNECTION_KEY: ONE })).toBeUndefined();
    for (const path of [own, other]) chmodSync(path, 0o640);
    expect(warningWith({})).toBeUndefined();
    expect(warningWith({ CONNECTION_KEY_FILE: other })).toBeUndefined();
  });

  it('is nothing to name where there is none yet', () => {
    expect(warningWith({})).toBeUndefined();
  });

  it('loses that right, where it is the server’s own', () => {
    writeFileSync(keyFilePath(folder), `${ONE}\n`);
    chmodSync(keyFilePath(folder), 0o644);
    keysFromFile(folder);
    expect(statSync(keyFilePath(folder)).mode & 0o777).toBe(0o600);
  });
});
