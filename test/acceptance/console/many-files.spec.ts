import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';

import { ConsoleServer, describeWithChromium } from './support/console-server.js';

const TIMEOUT_MS = 60_000;
/** A file of the page's own, in place of one that a person has chosen: nobody can do that headless. */
const PICKED = "await (await navigator.storage.getDirectory()).getFileHandle('picked.zip', { create: true })";

describeWithChromium('many files in the console', () => {
  let site: ConsoleServer;
  let page: Page;

  beforeAll(async () => {
    site = await ConsoleServer.start();
    await site.root.createStage({ name: 'shelf' });
    for (const [name, size] of [
      ['2026/a.csv', 300],
      ['2026/b+c.csv', 100],
      ['2026/sub/d.csv', 50],
      ['2027/e.csv', 7],
    ] as const) {
      const path = `/v1/stages/shelf/files/${encodeURIComponent(name)}`;
      await site.root.send(path, { method: 'PUT', body: 'x'.repeat(size) });
    }
    page = await site.openAsRoot();
  }, TIMEOUT_MS);

  afterAll(() => site.stop());

  async function openFolder(folder: string): Promise<void> {
    await page.goto(`${site.server.url}/#/`);
    await page.getByRole('heading', { name: 'Stages' }).waitFor();
    await page.goto(`${site.server.url}/#/stages/shelf?folder=${encodeURIComponent(folder)}`);
    await page.getByText(/^\d+ names?$/).waitFor();
  }

  async function names(): Promise<readonly string[]> {
    return page.locator('.file-rows .name').allInnerTexts();
  }

  /** Waits until a file comes first, after the folder. */
  async function firstFile(name: string): Promise<void> {
    await page.locator('.file-rows [aria-rowindex="3"] .name', { hasText: name }).waitFor();
  }

  it('counts what is below a folder and in a stage, and in the store if asked', async () => {
    await page.getByRole('row', { name: 'shelf' }).getByText('4 files, 457 B').waitFor();
    await openFolder('2026/');
    await page.getByText('In all folders below: 3 files, 450 B').waitFor();
    await page.getByRole('button', { name: 'Count in the store' }).click();
    await page.getByText(/3 files, 450 B, counted in the store at/).waitFor();
  });

  it('sorts by a column, folders first, and tells screen readers', async () => {
    await openFolder('2026/');
    expect(await names()).toEqual(['sub/', 'a.csv', 'b+c.csv']);
    await page.getByRole('button', { name: 'Size' }).click();
    await firstFile('b+c.csv');
    expect(await names()).toEqual(['sub/', 'b+c.csv', 'a.csv']);
    const head = page.getByRole('columnheader', { name: 'Size' });
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'Size' }).click();
    await firstFile('a.csv');
    expect(await names()).toEqual(['sub/', 'a.csv', 'b+c.csv']);
  });

  it('downloads chosen names and folders as one ZIP', async () => {
    await openFolder('2026/');
    await page.getByLabel('Choose b+c.csv').check();
    await page.getByText('1 chosen, 100 B').waitFor();
    await page.getByLabel('Choose sub/').check();
    await page.getByRole('button', { name: 'As ZIP' }).click();
    await page.getByRole('dialog').getByText('2 files, 150 B.').waitFor();
    expect(await zippedNames()).toEqual(['2026/b+c.csv', '2026/sub/d.csv']);
  });

  it('downloads a whole folder where nothing is chosen', async () => {
    await openFolder('2026/');
    await page.getByRole('button', { name: 'All as ZIP' }).click();
    expect(await zippedNames()).toEqual(['2026/a.csv', '2026/b+c.csv', '2026/sub/d.csv']);
  });

  it('writes an archive to the disk while it comes, where the browser can', async () => {
    await openFolder('2026/');
    await page.evaluate(`window.showSaveFilePicker = async () => ${PICKED}`);
    await page.getByRole('button', { name: 'All as ZIP' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
    await page.getByText(/^Stored: /).waitFor();
    const bytes = await page.evaluate<number[]>(
      `(async () => [...new Uint8Array(await (await (${PICKED}).getFile()).arrayBuffer())])()`,
    );
    expect(await listed(Buffer.from(bytes))).toEqual(['2026/a.csv', '2026/b+c.csv', '2026/sub/d.csv']);
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  it('chooses all that are listed', async () => {
    await openFolder('2026/');
    await page.getByLabel('Choose all that are listed').check();
    await page.getByText('3 chosen').waitFor();
    await page.getByLabel('Choose all that are listed').uncheck();
    await page.getByText('Nothing chosen').waitFor();
  });

  it('chooses at most 10,000 names at once, and says so', async () => {
    const row = { size: 1, md5: null, creator: null, last_modified: '2026-11-25 19:21:23.281 +0000' };
    const rows = Array.from({ length: 10_001 }, (_, number) => ({ name: `many/${String(number)}`, ...row }));
    const body = [...rows, { next_cursor: null }].map((line) => `${JSON.stringify(line)}\n`).join('');
    const listings = /\/v1\/stages\/shelf\/files\?/;
    await page.route(listings, async (route) => route.fulfill({ contentType: 'application/x-ndjson', body }));
    await page.goto(`${site.server.url}/#/stages/shelf?folder=many%2F`);
    await page.getByText('10,001 names', { exact: true }).waitFor();
    await page.getByLabel('Choose all that are listed').click();
    await page.getByText('At most 10,000 names can be chosen at once.').waitFor();
    expect(await page.getByLabel('Choose all that are listed').isChecked()).toBe(false);
    await page.getByText('Nothing chosen').waitFor();
    await page.unroute(listings);
  });

  it('removes many names, says how far it is, and stops where the dialog is closed', async () => {
    const many = Array.from({ length: 30 }, (_, number) => `gone/${String(number).padStart(2, '0')}.csv`);
    for (const name of many)
      await site.root.send(`/v1/stages/shelf/files/${encodeURIComponent(name)}`, {
        method: 'PUT',
        body: 'x',
      });
    await openFolder('gone/');
    const removals = /\/v1\/stages\/shelf\/files\/gone/;
    await page.route(removals, async (route) => {
      await delay(200);
      await route.continue();
    });
    await page.getByLabel('Choose all that are listed').check();
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText(/^[4-9] of 30 removed/).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByText('Nothing chosen').waitFor();
    await delay(1000);
    const left = (await site.root.listFiles('shelf')).filter(({ name }) => name.startsWith('gone/'));
    expect(left.length).toBeGreaterThan(10);
    expect(left.length).toBeLessThan(30);
    await page.unroute(removals);
  });

  it('compares the md5 of an upload, and says where another content came in', async () => {
    await openFolder('2027/');
    await page.getByLabel('Compare md5').check();
    const choose = async (name: string): Promise<void> => {
      const buffer = Buffer.from(`content of ${name}`);
      await page.locator('input[type=file]').first().setInputFiles({ name, mimeType: 'text/plain', buffer });
    };
    await choose('right.txt');
    await page.getByText('the same md5').waitFor();
    await page.route(/wrong\.txt$/, async (route) => route.continue({ postData: 'other content' }));
    await choose('wrong.txt');
    await page.getByText('What is stored has another md5 than the file here.').waitFor();
    await page.getByLabel('Compare md5').uncheck();
  });

  /** Presses the button, and reads the archive. Headless, the browser can choose no place for it. */
  async function zippedNames(): Promise<readonly string[]> {
    await page.evaluate(() => {
      Object.assign(globalThis, { showSaveFilePicker: undefined });
    });
    const started = page.waitForEvent('download');
    await page.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
    const content = await readFile(await (await started).path());
    await page.getByText(/^Stored: /).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    return listed(content);
  }
});

async function listed(archive: Buffer): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stagedoor-zip-'));
  await writeFile(join(folder, 'a.zip'), archive);
  const { stdout, status } = spawnSync('unzip', ['-Z1', 'a.zip'], { cwd: folder, encoding: 'utf8' });
  await rm(folder, { recursive: true });
  expect(status).toBe(0);
  return stdout.trim().split('\n').sort();
}
