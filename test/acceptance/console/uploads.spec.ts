import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

import { ConsoleServer, describeWithChromium, PASSWORD, signIn } from './support/console-server.js';
import { cuttingProxy } from './support/cutting-proxy.js';
import { dropPaths } from './support/drop-paths.js';

const TIMEOUT_MS = 60_000;
const MANY = 500;
const LARGE_BYTES = 30_000_000;

describeWithChromium('uploads of the console', () => {
  let site: ConsoleServer;
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    page = await site.openAsRoot();
    folder = await mkdtemp(join(tmpdir(), 'stagedoor-dropped-'));
    await mkdir(join(folder, 'many/deep'), { recursive: true });
    for (let number = 0; number < MANY; number++) {
      const where = number % 2 === 0 ? 'many' : 'many/deep';
      await writeFile(join(folder, where, `${String(number).padStart(3, '0')}.txt`), String(number));
    }
    await mkdir(join(folder, 'few/deep'), { recursive: true });
    await writeFile(join(folder, 'few/a.txt'), 'a');
    await writeFile(join(folder, 'few/deep/b.txt'), 'b');
    await writeFile(join(folder, 'empty.csv'), '');
    const large = await open(join(folder, 'large.bin'), 'w');
    await large.truncate(LARGE_BYTES);
    await large.close();
  }, TIMEOUT_MS);

  afterAll(async () => {
    await site.stop();
    await rm(folder, { recursive: true });
  });

  async function openStage(stage: string, of = page): Promise<void> {
    await site.root.createStage({ name: stage, if_not_exists: true });
    await of.goto(`${site.server.url}/#/stages/${stage}`);
    await of.getByText('There are no files here yet.').waitFor();
  }

  async function totalsOf(stage: string): Promise<unknown> {
    return (await site.root.send(`/v1/stages/${stage}/totals?fresh=true`)).json();
  }

  it(`take a folder of ${String(MANY)} files that is dropped, with its folders`, async () => {
    await openStage('dropped');
    await dropPaths(page, [join(folder, 'many')]);
    await page.getByRole('heading', { name: `${String(MANY)} uploaded` }).waitFor({ timeout: TIMEOUT_MS });
    expect(await totalsOf('dropped')).toMatchObject({ files: MANY });
    expect((await site.root.download('dropped', 'many/deep/499.txt')).toString()).toBe('499');
    await page.getByRole('link', { name: 'many/' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('take a folder that is chosen, with its folders', async () => {
    await openStage('chosen');
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Upload a folder' }).click();
    await (await choosing).setFiles(join(folder, 'few'));
    await page.getByRole('heading', { name: '2 uploaded' }).waitFor();
    expect((await site.root.download('chosen', 'few/deep/b.txt')).toString()).toBe('b');
    expect(await totalsOf('chosen')).toMatchObject({ files: 2 });
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('store a file of 0 bytes, and show that it is empty', async () => {
    await openStage('empty');
    await dropPaths(page, [join(folder, 'empty.csv')]);
    await page.getByRole('link', { name: 'empty.csv' }).click();
    await page.getByText('The file is empty.').waitFor();
    expect(await totalsOf('empty')).toMatchObject({ files: 1, bytes: 0 });
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('go again, and are stored once, where the connection is cut in their middle', async () => {
    const proxy = await cuttingProxy(site.server.url, LARGE_BYTES / 3, 2);
    await site.root.createStage({ name: 'cut' });
    const behind = await site.open();
    await behind.goto(`${proxy.url}/#/stages/cut`);
    await signIn(behind, 'root', PASSWORD);
    await behind.getByText('There are no files here yet.').waitFor();
    await dropPaths(behind, [join(folder, 'large.bin')]);
    await behind.getByRole('heading', { name: '1 uploaded' }).waitFor({ timeout: TIMEOUT_MS });
    expect(proxy.cuts()).toBe(2);
    expect(await totalsOf('cut')).toMatchObject({ files: 1, bytes: LARGE_BYTES });
    await behind.close();
    await proxy.close();
  });

  it('of two tabs know nothing of each other, and both are stored', async () => {
    await openStage('twice');
    const other = await site.openAsRoot();
    await openStage('twice', other);
    const choose = async (of: Page, name: string): Promise<void> => {
      const file = { name, mimeType: 'text/plain', buffer: Buffer.from(name) };
      await of.locator('input[type=file]').first().setInputFiles(file);
    };
    await Promise.all([choose(page, 'one.txt'), choose(other, 'two.txt')]);
    for (const tab of [page, other]) await tab.getByRole('heading', { name: /^\d+ uploaded/ }).waitFor();
    expect(await totalsOf('twice')).toMatchObject({ files: 2 });
    // What one tab has sent, the other one asks about.
    await choose(other, 'one.txt');
    await other.getByText('Nothing has been sent yet.').waitFor();
    await other.getByRole('button', { name: 'Send nothing' }).click();
    // Signing out in one tab ends its own session alone.
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.getByRole('link', { name: 'Uploads' }).click();
    await page.getByRole('row').filter({ hasText: 'twice' }).first().waitFor();
  });
});
