import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { command } from '../support/admin-command.js';
import { Client } from '../support/client.js';
import { storedTexts } from '../support/stored-texts.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const FILES = 'stage/internal/s';

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

let folder: string;
let backup: string;
let server: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  backup = join(folder, 'backup');
  server = await startTestApp();
  const client = new Client(server);
  await client.createStage({ name: 's' });
  for (const name of ['a', 'b%E2%80%A8c']) {
    await client.send(`/v1/stages/s/files/${name}`, { method: 'PUT', body: name });
  }
  expect(await command({ DATA_DIR: server.dataDir }, 'backup', backup)).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await server.close();
  await removeFolder(folder);
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const entryOf = (path: string, text = ''): Entry => ({ path, size: text.length, sha256: sha256(text) });

/** A copy of the backup whose manifest says something else, and is whole. */
async function tampered(change: (entries: readonly Entry[]) => readonly Entry[]): Promise<string> {
  const copy = join(folder, `copy ${String(Math.random())}`);
  await cp(backup, copy, { recursive: true });
  const path = join(copy, 'manifest.jsonl');
  const [head = '', ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const entries = change(lines.slice(0, -1).map((line) => JSON.parse(line) as Entry));
  const text = [head, ...entries.map((entry) => JSON.stringify(entry))].map((line) => `${line}\n`).join('');
  const bytes = entries.reduce((sum, { size }) => sum + size, 0);
  const end = { files: entries.length, bytes, sha256_of_lines: sha256(text) };
  writeFileSync(path, `${text}${JSON.stringify(end)}\n`);
  return copy;
}

describe('a manifest', () => {
  it('has one line for each file, whatever ends lines elsewhere', () => {
    const text = readFileSync(join(backup, 'manifest.jsonl'), 'utf8');
    expect(text.split(/\r\n|[\n\r\u2028\u2029]/)).toHaveLength(2 + 4 + 1);
    expect(text).toContain(String.raw`b\u2028c`);
  });

  it.each([
    'stage/../../outside',
    'stage/../stagedoor.db',
    '../outside',
    '/tmp/outside',
    'stage//a',
    'stage/./a',
    'restore.unfinished',
    'stage/\uFDD0zz',
    'stage/\ud800',
  ])('that names %j is refused, and nothing is made', async (path) => {
    const copy = await tampered((entries) => [...entries, entryOf(path, 'outside')]);
    writeFileSync(join(copy, 'outside'), 'outside');
    const target = join(copy, 'target');
    const outcome = await command({ DATA_DIR: target }, 'restore', copy);
    expect(outcome).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/is no file of an|not whole/) as string,
    });
    expect(existsSync(target)).toBe(false);
  });

  it.each([
    ['stagedoor.db', /holds no database/],
    ['connection.key', /holds no key: it was made with CONNECTION_KEY/],
  ])('without %s is refused, and nothing is made', async (name, says) => {
    const copy = await tampered((entries) => entries.filter(({ path }) => path !== name));
    const target = join(copy, 'target');
    const outcome = await command({ DATA_DIR: target }, 'restore', copy);
    expect(outcome).toEqual({ code: 1, output: '', errors: expect.stringMatching(says) as string });
    expect(existsSync(target)).toBe(false);
  });

  it('of what is a pipe or a device now is refused, and nobody waits for it', async () => {
    const copy = await tampered((entries) =>
      entries.map((entry) => (entry.path.startsWith(FILES) ? entryOf(entry.path) : entry)),
    );
    const [pipe = '', device = ''] = readdirSync(join(copy, 'internal', FILES)).map((name) =>
      join(copy, 'internal', FILES, name),
    );
    for (const path of [pipe, device]) rmSync(path);
    execFileSync('mkfifo', [pipe]);
    symlinkSync('/dev/zero', device);
    const outcome = await command({ DATA_DIR: join(copy, 'target') }, 'restore', copy);
    expect(outcome).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/(?:is no file any more[^]*){2}/) as string,
    });
  });
});

describe('a restore that fails on its way', () => {
  it('leaves what was there, and servers start on it', async () => {
    const copy = await tampered((entries) => [...entries, ...entries.slice(-1)]); // the second one is in the way of the first
    const target = join(copy, 'target');
    expect(await command({ DATA_DIR: target }, 'restore', backup)).toMatchObject({ code: 0 });
    const before = readdirSync(target, { recursive: true }).sort();
    const database = await storedTexts({ dataDir: target });
    const outcome = await command({ DATA_DIR: target }, 'restore', copy, '--overwrite');
    expect(outcome).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/cannot be written: EEXIST/) as string,
    });
    expect(readdirSync(target, { recursive: true }).sort()).toEqual(before);
    expect(await storedTexts({ dataDir: target })).toEqual(database);
  });

  it('leaves an earlier one that had begun to move unfinished', async () => {
    const copy = await tampered((entries) => [...entries, ...entries.slice(-1)]);
    const target = join(copy, 'target');
    mkdirSync(target);
    writeFileSync(join(target, 'restore.unfinished'), 'moving');
    expect(await command({ DATA_DIR: target }, 'restore', copy)).toMatchObject({ code: 1 });
    expect(readdirSync(target)).toContain('restore.unfinished');
  });
});

describe('a backup', () => {
  it('is not made among the files that it is of, by whatever path', async () => {
    const internal = join(server.dataDir, 'internal');
    symlinkSync(internal, join(folder, 'link'));
    for (const path of [join(internal, 'stage/internal/s/backup'), join(folder, 'link/new/backup')]) {
      const outcome = await command({ DATA_DIR: server.dataDir }, 'backup', path);
      expect(outcome).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/lies within the files/) as string,
      });
    }
    expect(readdirSync(join(internal, FILES))).toHaveLength(2);
    expect(existsSync(join(internal, 'new'))).toBe(false);
  });

  it('into a place where no folder can be made ends, and says so', async () => {
    await expect(command({ DATA_DIR: server.dataDir }, 'backup', '/proc/backup')).rejects.toThrow(
      /mkdir '\/proc\/backup'/,
    );
  });

  it('that was cut off is told from a folder of somebody', async () => {
    const cut = join(folder, 'cut');
    mkdirSync(cut);
    writeFileSync(join(cut, 'manifest.jsonl.unfinished'), '');
    const outcome = await command({ DATA_DIR: server.dataDir }, 'backup', cut);
    expect(outcome).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/was cut off while it was made\. Remove it/) as string,
    });
  });
});
